// The ledger's functions that count.
#include "ledger/ledger.hpp"
#include "ledger/rows.hpp"

namespace movio::ledger {
namespace {

TaskState task_state_of(const std::string& text) {
    const auto state = task_state_from_text(text);
    if (!state) throw Failure("a task is in the unknown state '" + text + "'");
    return *state;
}

bool is_begun(TaskState state) { return state != TaskState::ready && state != TaskState::blocked; }

}  // namespace

Awaitable<std::map<JobId, JobFigures>> Ledger::figures(std::vector<JobId> jobs) {
    if (jobs.empty()) co_return std::map<JobId, JobFigures>();
    std::string list;
    std::vector<SqlValue> arguments;
    for (const auto& job : jobs) {
        arguments.push_back(sql(job.text()));
        list += (list.empty() ? "$" : ", $") + std::to_string(arguments.size());
    }
    const std::string statement =
        "SELECT job_id, state, COUNT(*), SUM(weight), MIN(priority) FROM tasks WHERE job_id IN (" + list +
        ") GROUP BY job_id, state";
    auto body = [&](SqlSession& session) { return session.run(statement, arguments); };
    const auto counted = co_await database_.read(body);
    std::map<JobId, JobFigures> found;
    for (const auto& row : counted.rows) {
        auto& figures = found[id_from<JobId>(row.text(0))];
        const auto state = task_state_of(row.text(1));
        figures.tasks[state] = row.integer(2);
        figures.weight += row.integer(3);
        if (state == TaskState::done) figures.weight_done += row.integer(3);
        const auto priority = priority_from(row.integer(4));
        if (!is_begun(state) && (!figures.rest || priority < *figures.rest)) figures.rest = priority;
    }
    co_return found;
}

Awaitable<std::vector<QueueLine>> Ledger::queue_lines() {
    auto body = [](SqlSession& session) {
        return session.run(
            "SELECT t.state, t.kind, t.priority, COUNT(*), "
            "SUM(CASE WHEN t.not_before_us > movio_now_us() THEN 1 ELSE 0 END), MIN(t.created_us) "
            "FROM jobs j JOIN tasks t ON t.job_id = j.id "
            "WHERE j.ended_us IS NULL AND t.state IN ('ready', 'blocked', 'leased') "
            "GROUP BY t.state, t.kind, t.priority ORDER BY t.priority DESC, t.kind, t.state");
    };
    const auto counted = co_await database_.read(body);
    std::vector<QueueLine> lines;
    lines.reserve(counted.rows.size());
    for (const auto& row : counted.rows)
        lines.push_back({.state = task_state_of(row.text(0)),
                         .kind = row.text(1),
                         .priority = priority_from(row.integer(2)),
                         .count = row.integer(3),
                         .later = row.integer(4),
                         .oldest_us = row.integer(5)});
    co_return lines;
}

}  // namespace movio::ledger
