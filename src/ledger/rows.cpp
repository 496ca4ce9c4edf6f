#include "ledger/rows.hpp"

namespace movio::ledger {
namespace {

std::optional<Error> failure_from(const SqlRow& row, std::size_t column) {
    return row.is_null(column) ? std::nullopt : std::optional(error_from_json(row.text(column)));
}

}  // namespace

Priority priority_from(std::int64_t value) {
    for (const Priority known : {Priority::on_demand, Priority::publish, Priority::interactive, Priority::watched_first,
                                 Priority::watched_now, Priority::watched})
        if (value >= static_cast<int>(known)) return known;
    return Priority::bulk;
}

Job job_from(const SqlRow& row) {
    const auto state = job_state_from_text(row.text(4));
    if (!state) throw Failure("a job is in the unknown state '" + row.text(4) + "'");
    return {.id = id_from<JobId>(row.text(0)),
            .kind = row.text(1),
            .subject = row.text(2),
            .priority = priority_from(row.integer(3)),
            .state = *state,
            .failure = failure_from(row, 5),
            .created_us = row.integer(6),
            .ended_us = row.integer_or_null(7)};
}

Task task_from(const SqlRow& row) {
    const auto state = task_state_from_text(row.text(3));
    if (!state) throw Failure("a task is in the unknown state '" + row.text(3) + "'");
    return {.id = id_from<TaskId>(row.text(0)),
            .kind = row.text(1),
            .key = row.text(2),
            .state = *state,
            .priority = priority_from(row.integer(4)),
            .attempt = static_cast<int>(row.integer(5)),
            .attempts_max = static_cast<int>(row.integer(6)),
            .owner = row.text_or_null(7),
            .result = row.text_or_null(8),
            .failure = failure_from(row, 9),
            .created_us = row.integer(10),
            .ended_us = row.integer_or_null(11),
            .started_us = row.integer_or_null(12),
            .not_before_us = row.integer(13)};
}

}  // namespace movio::ledger
