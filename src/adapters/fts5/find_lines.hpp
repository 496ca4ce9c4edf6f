#pragma once
#include <optional>

#include "ports/database.hpp"
#include "search/search_index.hpp"

namespace movio::fts5 {

// nullopt for a cursor that is not ours.
std::optional<search::HitPage> find_lines(SqlSession& session, const search::LineQuery& query);

}  // namespace movio::fts5
