#pragma once
#include <string>
#include <string_view>

#include "ledger/types.hpp"

// How rows become values, for the ledger's own files.
namespace movio::ledger {

template <class IdType>
IdType id_from(const std::string& text) {
    const auto id = IdType::parse(text);
    if (!id) throw Failure("a row of the ledger holds '" + text + "' where an id belongs");
    return *id;
}

// A class that this version does not know works as the next lower one.
Priority priority_from(std::int64_t value);

inline constexpr std::string_view kJobColumns = "id, kind, subject, priority, state, failure, created_us, ended_us";
Job job_from(const SqlRow& row);
inline constexpr std::string_view kTaskColumns =
    "id, kind, key, state, priority, attempt, attempts_max, owner, result, failure, created_us, ended_us, "
    "started_us, not_before_us";
Task task_from(const SqlRow& row);

}  // namespace movio::ledger
