#include "ledger/ledger.hpp"

#include <algorithm>
#include <random>

#include "ledger/rows.hpp"

namespace movio::ledger {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// Every write of a lease holder ends with this; $1–$3 are the lease.
#define MOVIO_FENCED " WHERE id = $1 AND owner = $2 AND attempt = $3 AND state = 'leased' "

constexpr std::string_view kRenew = "UPDATE tasks SET lease_until_us = movio_now_us() + $4" MOVIO_FENCED;
constexpr std::string_view kEndTask =
    "UPDATE tasks SET state = 'done', result = $4, failure = NULL, lease_until_us = NULL, "
    "ended_us = movio_now_us()" MOVIO_FENCED "RETURNING job_id";
// The only time to wait for; what is simply ready has 0, so that a clock that goes back holds nothing up.
constexpr std::string_view kLater =
    "UPDATE tasks SET state = 'ready', failure = $4, not_before_us = movio_now_us() + $5, "
    "lease_until_us = NULL" MOVIO_FENCED;
constexpr std::string_view kRelease =
    "UPDATE tasks SET state = 'ready', not_before_us = 0, lease_until_us = NULL, "
    "attempts_max = attempts_max + 1" MOVIO_FENCED "RETURNING id, priority";
constexpr std::string_view kProgress =
    "UPDATE tasks SET attempts_max = CASE WHEN attempts_max > attempt + $4 THEN attempts_max "
    "ELSE attempt + $4 END" MOVIO_FENCED;
constexpr std::string_view kDrop = "DELETE FROM tasks" MOVIO_FENCED "RETURNING job_id";
constexpr std::string_view kHeld = "SELECT attempt, attempts_max FROM tasks" MOVIO_FENCED;

#undef MOVIO_FENCED

std::vector<SqlValue> fence(const Lease& lease) {
    return {sql(lease.task.text()), sql(lease.owner), sql(lease.attempt)};
}

// Two workers that finish the last two tasks at once must see each other; one writer makes that needless.
void lock_job_of(SqlSession& session, TaskId task) {
    if (session.dialect() == SqlDialect::postgres)
        session.run("SELECT id FROM jobs WHERE id = (SELECT job_id FROM tasks WHERE id = $1) FOR UPDATE",
                    {sql(task.text())});
}

SqlResult unblock_dependants(SqlSession& session, TaskId task) {
    return session.run(
        "UPDATE tasks SET state = 'ready' WHERE state = 'blocked' "
        "AND id IN (SELECT task_id FROM task_needs WHERE needs_id = $1) "
        "AND NOT EXISTS (SELECT 1 FROM task_needs n JOIN tasks d ON d.id = n.needs_id "
        "                WHERE n.task_id = tasks.id AND d.state <> 'done') "
        "RETURNING id, priority",
        {sql(task.text())});
}

std::string claim_statement(std::size_t kinds, std::string_view skip_locked) {
    std::string list;
    for (std::size_t i = 0; i < kinds; ++i) list += (i == 0 ? "$" : ", $") + std::to_string(4 + i);
    return "UPDATE tasks SET state = 'leased', owner = $1, attempt = attempt + 1, "
           "lease_until_us = movio_now_us() + $2, started_us = movio_now_us() "
           "WHERE id = (SELECT id FROM tasks WHERE state = 'ready' AND priority >= $3 "
           "AND not_before_us <= movio_now_us() AND kind IN (" +
           list + ") ORDER BY priority DESC, created_us, id LIMIT 1" + std::string(skip_locked) +
           ") RETURNING id, job_id, kind, key, args, priority, attempt, attempts_max";
}

// Doubled over the last attempts of a task, within ±25 %, so that what failed together does not come back together.
milliseconds pause_before(int attempts_left) {
    const int used = std::clamp(limits::kTaskAttemptsMax - attempts_left, 1, 16);
    const auto pause = std::min(limits::kRetryDelayFirst * (1 << (used - 1)), limits::kRetryDelayMax);
    thread_local std::minstd_rand random{std::random_device{}()};
    return milliseconds(
        std::uniform_int_distribution<std::int64_t>(pause.count() * 3 / 4, pause.count() * 5 / 4)(random));
}

}  // namespace

Ledger::Ledger(Database& database, TaskQueue& bell, std::string queue)
    : database_(database), bell_(bell), queue_(std::move(queue)) {}

void Ledger::on_job_ended(std::function<void(SqlSession&, const Job&)> hook) {
    on_job_ended_.push_back(std::move(hook));
}

Awaitable<std::optional<LeasedTask>> Ledger::claim(std::vector<std::string> kinds, Priority at_least,
                                                   std::string owner) {
    if (kinds.empty()) co_return std::nullopt;
    auto body = [&](SqlSession& session) -> std::optional<LeasedTask> {
        std::vector<SqlValue> arguments{sql(owner), sql(microseconds(limits::kLease).count()),
                                        sql(static_cast<int>(at_least))};
        for (const auto& kind : kinds) arguments.push_back(sql(kind));
        const auto claimed = session.run(claim_statement(kinds.size(), session.skip_locked()), arguments);
        if (claimed.empty()) return std::nullopt;
        const SqlRow& row = claimed.rows[0];
        const auto job = session.run("SELECT kind, subject FROM jobs WHERE id = $1", {sql(row.text(1))}).rows.at(0);
        return LeasedTask{.lease = {.task = id_from<TaskId>(row.text(0)),
                                    .owner = owner,
                                    .attempt = static_cast<int>(row.integer(6))},
                          .job = id_from<JobId>(row.text(1)),
                          .job_kind = job.text(0),
                          .subject = job.text(1),
                          .kind = row.text(2),
                          .key = row.text(3),
                          .args = row.text(4),
                          .priority = priority_from(row.integer(5)),
                          .attempts_max = static_cast<int>(row.integer(7))};
    };
    co_return co_await database_.write(body);
}

Awaitable<bool> Ledger::renew(Lease lease) {
    auto body = [&](SqlSession& session) {
        auto arguments = fence(lease);
        arguments.push_back(sql(microseconds(limits::kLease).count()));
        return session.run(kRenew, arguments).changed == 1;
    };
    co_return co_await database_.write(body);
}

Awaitable<bool> Ledger::made_progress(Lease lease) {
    auto body = [&](SqlSession& session) {
        auto arguments = fence(lease);
        arguments.push_back(sql(limits::kTaskAttemptsMax));
        return session.run(kProgress, arguments).changed == 1;
    };
    co_return co_await database_.write(body);
}

Awaitable<bool> Ledger::finish(Lease lease, std::string result, Effect effect) {
    auto body = [&](SqlSession& session) {
        lock_job_of(session, lease.task);
        auto arguments = fence(lease);
        arguments.push_back(sql(result));
        const auto ended = session.run(kEndTask, arguments);
        if (ended.empty()) return false;
        if (effect) effect(session);
        ring_after_commit(session, unblock_dependants(session, lease.task));
        end_job_when_all_done(session, id_from<JobId>(ended.rows[0].text(0)));
        return true;
    };
    co_return co_await database_.write(body);
}

Awaitable<bool> Ledger::retry_later(Lease lease, Error error, std::optional<milliseconds> after) {
    auto body = [&](SqlSession& session) {
        lock_job_of(session, lease.task);
        const auto held = session.run(kHeld, fence(lease));
        if (held.empty()) return false;
        const auto left = static_cast<int>(held.rows[0].integer(1) - held.rows[0].integer(0));
        if (left <= 0) {
            fail_task_and_job(session, lease.task, error);
            return true;
        }
        auto arguments = fence(lease);
        arguments.push_back(sql(to_json(error)));
        arguments.push_back(sql(microseconds(after.value_or(pause_before(left))).count()));
        session.run(kLater, arguments);
        return true;
    };
    co_return co_await database_.write(body);
}

Awaitable<bool> Ledger::fail(Lease lease, Error error) {
    auto body = [&](SqlSession& session) {
        lock_job_of(session, lease.task);
        if (session.run(kHeld, fence(lease)).empty()) return false;
        fail_task_and_job(session, lease.task, error);
        return true;
    };
    co_return co_await database_.write(body);
}

Awaitable<bool> Ledger::release(Lease lease) {
    auto body = [&](SqlSession& session) {
        const auto released = session.run(kRelease, fence(lease));
        ring_after_commit(session, released);
        return !released.empty();
    };
    co_return co_await database_.write(body);
}

Awaitable<bool> Ledger::drop(Lease lease) {
    auto body = [&](SqlSession& session) {
        lock_job_of(session, lease.task);
        if (!session.run("SELECT 1 FROM task_needs WHERE needs_id = $1 LIMIT 1", {sql(lease.task.text())}).empty())
            throw Failure("task " + lease.task.text() + " cannot be dropped: others need it");
        const auto dropped = session.run(kDrop, fence(lease));
        if (dropped.empty()) return false;
        end_job_when_all_done(session, id_from<JobId>(dropped.rows[0].text(0)));
        return true;
    };
    co_return co_await database_.write(body);
}

Awaitable<std::int64_t> Ledger::release_owner(std::string owner) {
    auto body = [&](SqlSession& session) {
        // A task that takes its worker down with it each time must not do so for ever.
        const Error interrupted{ErrorCode::internal, "The work was interrupted too often.",
                                "interrupted " + std::to_string(limits::kTaskInterruptionsMax) + " times"};
        for (const auto& row : session
                                   .run("SELECT id FROM tasks WHERE state = 'leased' AND owner = $1 AND attempt >= $2",
                                        {sql(owner), sql(limits::kTaskInterruptionsMax)})
                                   .rows)
            fail_task_and_job(session, id_from<TaskId>(row.text(0)), interrupted);
        const auto released = session.run(
            "UPDATE tasks SET state = 'ready', not_before_us = 0, lease_until_us = NULL, "
            "attempts_max = attempts_max + 1 WHERE state = 'leased' AND owner = $1 RETURNING id, priority",
            {sql(owner)});
        ring_after_commit(session, released);
        return released.changed;
    };
    co_return co_await database_.write(body);
}

Awaitable<Ledger::Swept> Ledger::sweep(std::vector<Lease> alive) {
    auto body = [&](SqlSession& session) {
        Swept swept;
        const auto expired = session.run(
            "SELECT id, attempt, attempts_max FROM tasks WHERE state = 'leased' AND lease_until_us < movio_now_us() "
            "ORDER BY lease_until_us LIMIT 100" +
            std::string(session.skip_locked()));
        for (const auto& row : expired.rows) {
            const auto task = id_from<TaskId>(row.text(0));
            const auto is_this = [&](const Lease& lease) {
                return lease.task == task && lease.attempt == row.integer(1);
            };
            if (const auto held = std::ranges::find_if(alive, is_this); held != alive.end()) {
                auto arguments = fence(*held);
                arguments.push_back(sql(microseconds(limits::kLease).count()));
                session.run(kRenew, arguments);
                continue;
            }
            const Error gone{ErrorCode::timeout, "The worker stopped answering.",
                             "the lease of attempt " + std::to_string(row.integer(1)) + " expired"};
            if (row.integer(1) >= row.integer(2)) {
                swept.failed += fail_task_and_job(session, task, gone) ? 1 : 0;
                continue;
            }
            const auto returned = session.run(
                "UPDATE tasks SET state = 'ready', not_before_us = 0, lease_until_us = NULL, failure = $2 "
                "WHERE id = $1 AND state = 'leased' RETURNING id, priority",
                {sql(task.text()), sql(to_json(gone))});
            ring_after_commit(session, returned);
            swept.returned += returned.changed;
        }
        return swept;
    };
    co_return co_await database_.write(body);
}

bool Ledger::fail_task_and_job(SqlSession& session, TaskId task, const Error& error) const {
    const auto failed = session.run(
        "UPDATE tasks SET state = 'failed', failure = $2, lease_until_us = NULL, ended_us = movio_now_us() "
        "WHERE id = $1 AND state = 'leased' RETURNING job_id",
        {sql(task.text()), sql(to_json(error))});
    if (failed.empty()) return false;
    end_job(session, id_from<JobId>(failed.rows[0].text(0)), JobState::failed, error);
    return true;
}

void Ledger::ring_after_commit(SqlSession& session, const SqlResult& ready) const {
    if (ready.empty()) return;
    std::vector<std::pair<TaskId, int>> tasks;
    tasks.reserve(ready.rows.size());
    for (const auto& row : ready.rows)
        tasks.emplace_back(id_from<TaskId>(row.text(0)), static_cast<int>(row.integer(1)));
    session.after_commit([&bell = bell_, queue = queue_, tasks = std::move(tasks)] {
        for (const auto& [task, priority] : tasks) bell.ring(queue, task, priority);
    });
}

}  // namespace movio::ledger
