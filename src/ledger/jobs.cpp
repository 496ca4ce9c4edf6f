// The ledger's functions on whole jobs: adding, ending, looking.
#include <algorithm>
#include <charconv>

#include "ledger/ledger.hpp"
#include "ledger/rows.hpp"

namespace movio::ledger {
namespace {

constexpr std::int64_t kJobsPerPurge = 20;  // each may have thousands of tasks

bool is_running(SqlSession& session, JobId job) {
    const std::string_view lock = session.dialect() == SqlDialect::postgres ? " FOR UPDATE" : "";
    return !session.run("SELECT 1 FROM jobs WHERE id = $1 AND ended_us IS NULL" + std::string(lock), {sql(job.text())})
                .empty();
}

// The blocked tasks of a job that nothing holds back any more.
SqlResult unblock_all(SqlSession& session, JobId job) {
    return session.run(
        "UPDATE tasks SET state = 'ready' WHERE job_id = $1 AND state = 'blocked' "
        "AND NOT EXISTS (SELECT 1 FROM task_needs n JOIN tasks d ON d.id = n.needs_id "
        "                WHERE n.task_id = tasks.id AND d.state <> 'done') "
        "RETURNING id, priority",
        {sql(job.text())});
}

// nullopt when the job has a task of that key.
std::optional<TaskId> insert_task(SqlSession& session, JobId job, const NewTask& task) {
    const auto id = TaskId::make();
    const auto inserted = session.run(
        "INSERT INTO tasks (id, job_id, kind, key, args, state, priority, weight, not_before_us, attempt, "
        "attempts_max, created_us) VALUES ($1, $2, $3, $4, $5, 'blocked', $6, $7, 0, 0, $8, movio_now_us()) "
        "ON CONFLICT (job_id, key) DO NOTHING",
        {sql(id.text()), sql(job.text()), sql(task.kind), sql(task.key), sql(task.args),
         sql(static_cast<int>(task.priority)), sql(task.weight), sql(task.attempts_max)});
    return inserted.changed == 1 ? std::optional(id) : std::nullopt;
}

// What is added to a job that was made more urgent is so, too.
void lift_to_job(SqlSession& session, JobId job) {
    session.run(
        "UPDATE tasks SET priority = (SELECT priority FROM jobs WHERE id = $1) WHERE job_id = $1 "
        "AND state IN ('ready', 'blocked') AND priority < (SELECT priority FROM jobs WHERE id = $1)",
        {sql(job.text())});
}

void insert_needs(SqlSession& session, JobId job, TaskId id, const NewTask& task) {
    for (const auto& need : task.needs) {
        const auto inserted = session.run(
            "INSERT INTO task_needs (task_id, needs_id) SELECT $1, id FROM tasks WHERE job_id = $2 AND key = $3",
            {sql(id.text()), sql(job.text()), sql(need)});
        if (inserted.changed != 1)
            throw Failure("task '" + task.key + "' needs '" + need + "', which is no task of its job");
    }
}

// "1763837648000000.<id>", of the last job on the page.
struct Cursor {
    std::int64_t created_us = 0;
    JobId id;
};

std::optional<Cursor> cursor_from(std::string_view text) {
    Cursor cursor;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cursor.created_us);
    if (error != std::errc{} || end == text.data() + text.size() || *end != '.') return std::nullopt;
    const auto id = JobId::parse(std::string_view(end + 1, text.data() + text.size()));
    if (!id) return std::nullopt;
    cursor.id = *id;
    return cursor;
}

}  // namespace

Ledger::Added Ledger::add_job(SqlSession& session, const NewJob& job) const {
    const auto id = JobId::make();
    const auto inserted = session.run(
        "INSERT INTO jobs (id, kind, subject, priority, state, created_us) "
        "VALUES ($1, $2, $3, $4, 'running', movio_now_us()) "
        "ON CONFLICT (kind, subject) WHERE ended_us IS NULL DO NOTHING",
        {sql(id.text()), sql(job.kind), sql(job.subject), sql(static_cast<int>(job.priority))});
    if (inserted.changed == 1) return {id, true};
    const auto open = open_job(session, job.kind, job.subject);
    if (!open) throw Failure("job '" + job.kind + "' of '" + job.subject + "' ended while it was added; try again");
    return {*open, false};
}

std::int64_t Ledger::add_tasks(SqlSession& session, JobId job, const Plan& tasks) const {
    if (std::cmp_greater(tasks.size(), limits::kTasksPerJobMax))
        throw Failure("a plan of " + std::to_string(tasks.size()) + " tasks is too large");
    if (!is_running(session, job)) return 0;
    std::vector<std::pair<TaskId, const NewTask*>> added;
    for (const auto& task : tasks)
        if (const auto id = insert_task(session, job, task)) added.emplace_back(*id, &task);
    // Afterwards, so that the order within a plan does not matter.
    for (const auto& [id, task] : added) insert_needs(session, job, id, *task);
    if (!added.empty()) lift_to_job(session, job);
    if (!added.empty()) ring_after_commit(session, unblock_all(session, job));
    return static_cast<std::int64_t>(added.size());
}

std::int64_t Ledger::drop_ready(SqlSession& session, JobId job, std::string_view kind, int keep) const {
    return session
        .run(
            "DELETE FROM tasks WHERE job_id = $1 AND kind = $2 AND state = 'ready' "
            "AND NOT EXISTS (SELECT 1 FROM task_needs n WHERE n.needs_id = tasks.id) "
            "AND id NOT IN (SELECT id FROM tasks WHERE job_id = $1 AND kind = $2 AND state = 'ready' "
            "               ORDER BY created_us DESC, id DESC LIMIT $3)",
            {sql(job.text()), sql(kind), sql(keep)})
        .changed;
}

std::int64_t Ledger::drop_ready(SqlSession& session, JobId job, std::string_view kind,
                                const std::vector<std::string>& keys) const {
    std::int64_t dropped = 0;
    for (const auto& key : keys)
        dropped += session
                       .run(
                           "DELETE FROM tasks WHERE job_id = $1 AND kind = $2 AND key = $3 AND state = 'ready' "
                           "AND NOT EXISTS (SELECT 1 FROM task_needs n WHERE n.needs_id = tasks.id)",
                           {sql(job.text()), sql(kind), sql(key)})
                       .changed;
    return dropped;
}

std::vector<ReadyTask> Ledger::ready(SqlSession& session, JobId job, std::string_view kind) const {
    const auto found = session.run(
        "SELECT id, key, args, priority FROM tasks WHERE job_id = $1 AND kind = $2 AND state = 'ready' "
        "ORDER BY priority DESC, created_us, id",
        {sql(job.text()), sql(kind)});
    std::vector<ReadyTask> tasks;
    tasks.reserve(found.rows.size());
    for (const auto& row : found.rows)
        tasks.push_back({.id = id_from<TaskId>(row.text(0)),
                         .key = row.text(1),
                         .args = row.text(2),
                         .priority = priority_from(row.integer(3))});
    return tasks;
}

void Ledger::set_priority(SqlSession& session, const std::vector<TaskId>& tasks, Priority priority) const {
    for (const auto& task : tasks)
        session.run(
            "UPDATE tasks SET priority = CASE WHEN j.priority > $2 THEN j.priority ELSE $2 END FROM jobs j "
            "WHERE tasks.id = $1 AND j.id = tasks.job_id AND tasks.state IN ('ready', 'blocked')",
            {sql(task.text()), sql(static_cast<int>(priority))});
}

void Ledger::change_priority(SqlSession& session, JobId job, Priority from, Priority to) const {
    session.run("UPDATE tasks SET priority = $3 WHERE job_id = $1 AND priority = $2 AND state IN ('ready', 'blocked')",
                {sql(job.text()), sql(static_cast<int>(from)), sql(static_cast<int>(to))});
}

std::optional<JobId> Ledger::open_job(SqlSession& session, std::string_view kind, std::string_view subject) const {
    const auto found = session.run("SELECT id FROM jobs WHERE kind = $1 AND subject = $2 AND ended_us IS NULL",
                                   {sql(kind), sql(subject)});
    return found.empty() ? std::nullopt : std::optional(id_from<JobId>(found.rows[0].text(0)));
}

void Ledger::end_job(SqlSession& session, JobId job, JobState state, const std::optional<Error>& failure) const {
    session.run(
        "UPDATE tasks SET state = 'cancelled', lease_until_us = NULL, ended_us = movio_now_us() "
        "WHERE job_id = $1 AND state IN ('ready', 'blocked', 'leased')",
        {sql(job.text())});
    const auto reason = failure ? std::optional(to_json(*failure)) : std::nullopt;
    const auto ended = session.run(
        "UPDATE jobs SET state = $2, failure = $3, ended_us = movio_now_us() "
        "WHERE id = $1 AND state = 'running' RETURNING " +
            std::string(kJobColumns),
        {sql(job.text()), sql(to_text(state)), sql(reason)});
    if (ended.empty()) return;
    const Job whole = job_from(ended.rows[0]);
    for (const auto& hook : on_job_ended_) hook(session, whole);
}

void Ledger::end_job_when_all_done(SqlSession& session, JobId job) const {
    const auto open = session.run(
        "SELECT 1 FROM tasks WHERE job_id = $1 AND state IN ('ready', 'blocked', 'leased') LIMIT 1", {sql(job.text())});
    if (open.empty()) end_job(session, job, JobState::done, std::nullopt);
}

bool Ledger::cancel(SqlSession& session, JobId job) const {
    if (!is_running(session, job)) return false;
    end_job(session, job, JobState::cancelled, Error{ErrorCode::cancelled, "The work was cancelled.", ""});
    return true;
}

Result<void> Ledger::retry(SqlSession& session, JobId id) const {
    const auto found = session.run("SELECT " + std::string(kJobColumns) + " FROM jobs WHERE id = $1", {sql(id.text())});
    if (found.empty()) return movio::fail(ErrorCode::not_found, "There is no job " + id.text() + ".");
    const Job job = job_from(found.rows[0]);
    if (job.state != JobState::failed && job.state != JobState::cancelled)
        return movio::fail(ErrorCode::conflict, "Job " + id.text() + " is " + std::string(to_text(job.state)) +
                                                    "; only a failed or cancelled one can be tried again.");
    if (open_job(session, job.kind, job.subject))
        return movio::fail(ErrorCode::conflict, "Another job works on " + job.subject + " already.");
    session.run("UPDATE jobs SET state = 'running', failure = NULL, ended_us = NULL WHERE id = $1", {sql(id.text())});
    // `attempt` goes on from where it was: an old lease must stay worthless.
    session.run(
        "UPDATE tasks SET state = 'blocked', failure = NULL, not_before_us = 0, ended_us = NULL, "
        "attempts_max = attempt + $2 WHERE job_id = $1 AND state IN ('failed', 'cancelled')",
        {sql(id.text()), sql(limits::kTaskAttemptsMax)});
    ring_after_commit(session, unblock_all(session, id));
    return {};
}

Result<bool> Ledger::retry_task(SqlSession& session, TaskId task) const {
    const auto found = session.run("SELECT job_id, state, failure FROM tasks WHERE id = $1", {sql(task.text())});
    if (found.empty()) return movio::fail(ErrorCode::not_found, "There is no task " + task.text() + ".");
    const SqlRow& row = found.rows[0];
    const auto state = task_state_from_text(row.text(1));
    if (state == TaskState::failed || state == TaskState::cancelled) {
        if (auto opened = retry(session, id_from<JobId>(row.text(0))); !opened) return std::unexpected(opened.error());
        return true;
    }
    if (state != TaskState::ready || row.is_null(2))
        return movio::fail(ErrorCode::conflict,
                           "Task " + task.text() + " is " + row.text(1) + "; only what failed can be tried again.");
    ring_after_commit(session, session.run("UPDATE tasks SET not_before_us = 0, attempts_max = attempt + $2 "
                                           "WHERE id = $1 AND state = 'ready' RETURNING id, priority",
                                           {sql(task.text()), sql(limits::kTaskAttemptsMax)}));
    return false;
}

std::optional<Job> Ledger::job_of(SqlSession& session, TaskId task) const {
    const auto found = session.run(
        "SELECT " + std::string(kJobColumns) + " FROM jobs WHERE id = (SELECT job_id FROM tasks WHERE id = $1)",
        {sql(task.text())});
    return found.empty() ? std::nullopt : std::optional(job_from(found.rows[0]));
}

Result<void> Ledger::set_job_priority(SqlSession& session, JobId job, Priority priority) const {
    const auto found = session.run("SELECT state FROM jobs WHERE id = $1", {sql(job.text())});
    if (found.empty()) return movio::fail(ErrorCode::not_found, "There is no job " + job.text() + ".");
    if (!is_running(session, job))
        return movio::fail(ErrorCode::conflict, "Job " + job.text() + " is " + found.rows[0].text(0) +
                                                    "; only a running one has anything left to be put first.");
    session.run("UPDATE jobs SET priority = $2 WHERE id = $1", {sql(job.text()), sql(static_cast<int>(priority))});
    // What somebody waits for is not the administrator's to put off.
    ring_after_commit(session, session.run("UPDATE tasks SET priority = $2 WHERE job_id = $1 AND priority < $3 "
                                           "AND state IN ('ready', 'blocked') RETURNING id, priority",
                                           {sql(job.text()), sql(static_cast<int>(priority)),
                                            sql(static_cast<int>(Priority::on_demand))}));
    return {};
}

Awaitable<bool> Ledger::cancel(JobId job) {
    auto body = [&](SqlSession& session) { return cancel(session, job); };
    co_return co_await database_.write(body);
}

Awaitable<Result<void>> Ledger::retry(JobId job) {
    auto body = [&](SqlSession& session) { return retry(session, job); };
    co_return co_await database_.write(body);
}

Awaitable<Result<bool>> Ledger::retry_task(TaskId task) {
    auto body = [&](SqlSession& session) { return retry_task(session, task); };
    co_return co_await database_.write(body);
}

Awaitable<Result<void>> Ledger::set_job_priority(JobId job, Priority priority) {
    auto body = [&](SqlSession& session) { return set_job_priority(session, job, priority); };
    co_return co_await database_.write(body);
}

Awaitable<std::int64_t> Ledger::purge(std::chrono::hours older_than) {
    auto body = [&](SqlSession& session) {
        return session
            .run(
                "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE ended_us < movio_now_us() - $1 "
                "ORDER BY ended_us LIMIT $2)",
                {sql(std::chrono::microseconds(older_than).count()), sql(kJobsPerPurge)})
            .changed;
    };
    std::int64_t purged = 0;
    for (;;) {
        const std::int64_t now = co_await database_.write(body);
        purged += now;
        if (now < kJobsPerPurge) co_return purged;
    }
}

Awaitable<JobPage> Ledger::list(JobQuery query) {
    const std::size_t limit = static_cast<std::size_t>(std::clamp(query.limit, 1, 200));
    std::string statement = "SELECT " + std::string(kJobColumns) + " FROM jobs WHERE 1 = 1";
    std::vector<SqlValue> arguments;
    const auto argument = [&](SqlValue value) {
        arguments.push_back(std::move(value));
        return "$" + std::to_string(arguments.size());
    };
    if (query.state) statement += " AND state = " + argument(sql(to_text(*query.state)));
    if (query.kind) statement += " AND kind = " + argument(sql(*query.kind));
    if (query.subject) statement += " AND subject = " + argument(sql(*query.subject));
    if (query.also) statement += " AND (" + query.also(argument) + ")";
    if (query.after) {
        const auto cursor = cursor_from(*query.after);
        if (!cursor) co_return JobPage{};
        const std::string created = argument(sql(cursor->created_us)), id = argument(sql(cursor->id.text()));
        statement += " AND (created_us, id) < (" + created + ", " + id + ")";
    }
    statement += " ORDER BY created_us DESC, id DESC LIMIT " + std::to_string(limit + 1);
    auto body = [&](SqlSession& session) { return session.run(statement, arguments); };
    const auto result = co_await database_.read(body);
    JobPage page;
    for (const auto& row : result.rows) page.items.push_back(job_from(row));
    if (page.items.size() > limit) {
        page.items.pop_back();
        page.next = std::to_string(page.items.back().created_us) + "." + page.items.back().id.text();
    }
    co_return page;
}

Awaitable<std::optional<JobWithTasks>> Ledger::find(JobId id) {
    auto body = [&](SqlSession& session) -> std::optional<JobWithTasks> {
        const auto job =
            session.run("SELECT " + std::string(kJobColumns) + " FROM jobs WHERE id = $1", {sql(id.text())});
        if (job.empty()) return std::nullopt;
        JobWithTasks found{.job = job_from(job.rows[0]), .tasks = {}};
        const auto tasks = session.run(
            "SELECT " + std::string(kTaskColumns) + " FROM tasks WHERE job_id = $1 ORDER BY created_us, id LIMIT $2",
            {sql(id.text()), sql(limits::kTasksPerJobMax)});
        for (const auto& row : tasks.rows) found.tasks.push_back(task_from(row));
        return found;
    };
    co_return co_await database_.read(body);
}

}  // namespace movio::ledger
