#pragma once
#include <vector>

#include "ports/database.hpp"
#include "search/search_index.hpp"

// What goes into the index and out of it, inside one write transaction. The words of a row leave the index by the very
// text they came from, or the index would keep them for ever (FTS5 §4.4.3, external content).
namespace movio::fts5 {

void put_film(SqlSession& session, const search::FilmDocument& film);
void put_track(SqlSession& session, const search::TrackDocument& track);
void keep_tracks(SqlSession& session, VideoId video, const std::vector<TrackId>& kept);
void remove_film(SqlSession& session, VideoId video);

}  // namespace movio::fts5
