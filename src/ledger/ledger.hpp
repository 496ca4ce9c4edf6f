#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "async/asio.hpp"
#include "base/result.hpp"
#include "ledger/types.hpp"
#include "ports/database.hpp"
#include "ports/task_queue.hpp"

namespace movio::ledger {

// One service's jobs and tasks, in that service's database. Thread-safe. The rows are the truth; the bell only makes
// workers look at them sooner and is rung by itself after each commit that made a task ready.
//
// Functions that take a SqlSession run in the caller's transaction, so that work and what it belongs to are added or
// dropped together. Those that take a Lease answer false when the lease is lost: then nothing was changed, and the
// caller must throw its work away.
class Ledger {
public:
    // All references must outlive the ledger. `queue` is the name of the bell.
    Ledger(Database& database, TaskQueue& bell, std::string queue);

    // Runs in the transaction in which a job becomes done, failed or cancelled, for whatever reason; the place to tell
    // others of it by the outbox. All hooks are added before work starts.
    void on_job_ended(std::function<void(SqlSession&, const Job&)> hook);

    struct Added {
        JobId id;
        bool is_new = false;
    };
    // The open job of the same kind and subject when there is one, else a new one.
    Added add_job(SqlSession& session, const NewJob& job) const;
    // Idempotent by key: a task that is there already stays as it is. Returns how many are new; none when the job has
    // ended. A need that is no task of the job is a bug and throws.
    std::int64_t add_tasks(SqlSession& session, JobId job, const Plan& tasks) const;
    // Forgets the oldest of the job's tasks of that kind that are ready and that no other task needs, so that `keep`
    // are left. A key forgotten may be added again. Returns how many went.
    std::int64_t drop_ready(SqlSession& session, JobId job, std::string_view kind, int keep) const;
    // The same for those of these keys, wherever they stand.
    std::int64_t drop_ready(SqlSession& session, JobId job, std::string_view kind,
                            const std::vector<std::string>& keys) const;
    // The job's tasks of that kind that are ready, in the order in which they would be claimed.
    std::vector<ReadyTask> ready(SqlSession& session, JobId job, std::string_view kind) const;
    // From now on these tasks, as far as they are not begun, have that priority, or their job's where that is higher.
    void set_priority(SqlSession& session, const std::vector<TaskId>& tasks, Priority priority) const;
    // What of the job is not begun and has the one priority gets the other.
    void change_priority(SqlSession& session, JobId job, Priority from, Priority to) const;
    std::optional<JobId> open_job(SqlSession& session, std::string_view kind, std::string_view subject) const;
    // Ends what has not ended; whoever works on it loses the lease. False when the job has ended or is unknown.
    bool cancel(SqlSession& session, JobId job) const;
    // Opens a failed or cancelled job again: what was not done gets a fresh set of attempts. `not_found`, or
    // `conflict` when it has not failed or another job of its kind works on the subject.
    Result<void> retry(SqlSession& session, JobId job) const;
    // A task that waits for its next attempt is tried at once, with a fresh set of them: false. One that failed or was
    // cancelled opens its job again, as `retry` does: true. `conflict` for all others.
    Result<bool> retry_task(SqlSession& session, TaskId task) const;
    std::optional<Job> job_of(SqlSession& session, TaskId task) const;
    // What of a running job is not begun, and what is added to it from now on, is as urgent as that; of what is added,
    // what is more urgent stays so, and so does what somebody waits for. `not_found`, or `conflict` when it has ended.
    Result<void> set_job_priority(SqlSession& session, JobId job, Priority priority) const;

    // The most urgent, then oldest ready task of these kinds at this priority or above.
    Awaitable<std::optional<LeasedTask>> claim(std::vector<std::string> kinds, Priority at_least, std::string owner);
    Awaitable<bool> renew(Lease lease);
    // The attempt has made something that lasts: however it ends, the task has a fresh set of attempts after it. A
    // worker that is killed now and then gets long work done all the same.
    Awaitable<bool> made_progress(Lease lease);
    // Marks the task done, applies the effect, makes ready what waited for it and ends the job after its last task.
    Awaitable<bool> finish(Lease lease, std::string result, Effect effect);
    // Ready again after a pause (by default doubled with each attempt, with jitter), or failed for good after the last
    // attempt.
    Awaitable<bool> retry_later(Lease lease, Error error, std::optional<std::chrono::milliseconds> after);
    // Failed for good: the job fails with this reason and its other tasks are cancelled.
    Awaitable<bool> fail(Lease lease, Error error);
    // Gives the task back unworked, at once and at no cost in attempts.
    Awaitable<bool> release(Lease lease);
    // Forgets the task, as if it had never been added: its key may be added again. A task that others need is a bug and
    // throws.
    Awaitable<bool> drop(Lease lease);
    // Gives back all that `owner` holds. Only for an owner known to be dead. Returns how many.
    Awaitable<std::int64_t> release_owner(std::string owner);

    struct Swept {
        std::int64_t returned = 0;
        std::int64_t failed = 0;
    };
    // Takes expired leases back; a task whose last attempt expired fails. Those that are `alive`, because the caller
    // itself works on them, are renewed instead: then the clock jumped ahead.
    Awaitable<Swept> sweep(std::vector<Lease> alive = {});
    // Forgets jobs that ended longer ago than that. Returns how many.
    Awaitable<std::int64_t> purge(std::chrono::hours older_than);

    Awaitable<bool> cancel(JobId job);
    Awaitable<Result<void>> retry(JobId job);
    Awaitable<Result<bool>> retry_task(TaskId task);
    Awaitable<Result<void>> set_job_priority(JobId job, Priority priority);
    Awaitable<JobPage> list(JobQuery query);
    Awaitable<std::optional<JobWithTasks>> find(JobId job);
    // Of those jobs, as far as they are there.
    Awaitable<std::map<JobId, JobFigures>> figures(std::vector<JobId> jobs);
    // What running jobs have left to do, the most urgent first.
    Awaitable<std::vector<QueueLine>> queue_lines();

    TaskQueue& bell() const { return bell_; }
    const std::string& queue() const { return queue_; }

private:
    bool fail_task_and_job(SqlSession& session, TaskId task, const Error& error) const;
    void end_job(SqlSession& session, JobId job, JobState state, const std::optional<Error>& failure) const;
    void end_job_when_all_done(SqlSession& session, JobId job) const;
    void ring_after_commit(SqlSession& session, const SqlResult& ready) const;

    Database& database_;
    TaskQueue& bell_;
    std::string queue_;
    std::vector<std::function<void(SqlSession&, const Job&)>> on_job_ended_;
};

}  // namespace movio::ledger
