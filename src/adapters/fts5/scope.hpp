#pragma once
#include <algorithm>

#include "ports/database.hpp"
#include "search/search_index.hpp"

namespace movio::fts5 {

// Columns that `is_in_scope` reads, from a given place on.
inline constexpr const char* kScopeColumns =
    "films.owner_id, films.seen_by_all, films.listed_for_all, films.for_users, films.video_id";

inline bool is_in_scope(const search::SearchScope& scope, const SqlRow& row, std::size_t column) {
    if (scope.all || row.flag(column + (scope.listed_only ? 2 : 1))) return true;
    if (scope.owner_id.empty()) return false;
    return row.flag(column + 3) || row.text(column) == scope.owner_id ||
           std::ranges::binary_search(scope.films, row.text(column + 4));
}

}  // namespace movio::fts5
