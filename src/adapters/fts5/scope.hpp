#pragma once
#include "ports/database.hpp"
#include "search/search_index.hpp"

namespace movio::fts5 {

// Columns that `is_in_scope` reads, from a given place on.
inline constexpr const char* kScopeColumns = "films.owner_id, films.seen_by_all, films.listed_for_all";

inline bool is_in_scope(const search::SearchScope& scope, const SqlRow& row, std::size_t column) {
    if (scope.all || row.flag(column + (scope.listed_only ? 2 : 1))) return true;
    return !scope.owner_id.empty() && row.text(column) == scope.owner_id;
}

}  // namespace movio::fts5
