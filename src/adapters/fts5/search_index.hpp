#pragma once
#include "ports/database.hpp"
#include "search/search_index.hpp"

namespace movio {

// The search index inside SQLite (FTS5), in a database of its own with the schema `search`, which must have been
// migrated. Each put is one durable transaction. References must outlive the index.
class Fts5SearchIndex final : public search::SearchIndex {
public:
    explicit Fts5SearchIndex(Database& database) : database_(database) {}

    Awaitable<void> put_film(search::FilmDocument film) override;
    Awaitable<void> put_track(search::TrackDocument track) override;
    Awaitable<void> keep_tracks(VideoId video, std::vector<TrackId> kept) override;
    Awaitable<void> remove_film(VideoId video) override;
    Awaitable<std::vector<VideoId>> films(std::optional<VideoId> after, int limit) override;

    Awaitable<std::vector<VideoId>> find_films(search::V1Query query) override;
    Awaitable<std::vector<search::TrackMatch>> find_tracks(search::V1Query query) override;
    Awaitable<std::optional<search::HitPage>> find_lines(search::LineQuery query) override;

private:
    Database& database_;
};

}  // namespace movio
