#pragma once
#include <vector>

#include "ports/database.hpp"
#include "search/search_index.hpp"

namespace movio::fts5 {

std::vector<VideoId> find_films(SqlSession& session, const search::V1Query& query);
std::vector<search::TrackMatch> find_tracks(SqlSession& session, const search::V1Query& query);

}  // namespace movio::fts5
