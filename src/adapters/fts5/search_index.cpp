#include "adapters/fts5/search_index.hpp"

#include "adapters/fts5/documents.hpp"
#include "adapters/fts5/find_lines.hpp"
#include "adapters/fts5/find_v1.hpp"

namespace movio {

using search::FilmDocument;
using search::HitPage;
using search::LineQuery;
using search::TrackDocument;
using search::TrackMatch;
using search::V1Query;

Awaitable<void> Fts5SearchIndex::put_film(FilmDocument film) {
    co_await database_.write([&film](SqlSession& session) { fts5::put_film(session, film); });
}

Awaitable<void> Fts5SearchIndex::put_track(TrackDocument track) {
    co_await database_.write([&track](SqlSession& session) { fts5::put_track(session, track); });
}

Awaitable<void> Fts5SearchIndex::keep_tracks(VideoId video, std::vector<TrackId> kept) {
    co_await database_.write([video, &kept](SqlSession& session) { fts5::keep_tracks(session, video, kept); });
}

Awaitable<void> Fts5SearchIndex::remove_film(VideoId video) {
    co_await database_.write([video](SqlSession& session) { fts5::remove_film(session, video); });
}

Awaitable<std::vector<VideoId>> Fts5SearchIndex::films(std::optional<VideoId> after, int limit) {
    co_return co_await database_.read([after, limit](SqlSession& session) {
        // Tracks whose film never came are of it, too.
        const auto found = session.run(
            "SELECT video_id FROM films WHERE video_id > $1 UNION SELECT video_id FROM tracks WHERE video_id > $1 "
            "ORDER BY video_id LIMIT $2",
            {sql(after ? after->text() : std::string()), sql(limit)});
        std::vector<VideoId> films;
        films.reserve(found.rows.size());
        for (const auto& row : found.rows) films.push_back(VideoId::parse(row.text(0)).value());
        return films;
    });
}

Awaitable<std::vector<VideoId>> Fts5SearchIndex::find_films(V1Query query) {
    co_return co_await database_.read([&query](SqlSession& session) { return fts5::find_films(session, query); });
}

Awaitable<std::vector<TrackMatch>> Fts5SearchIndex::find_tracks(V1Query query) {
    co_return co_await database_.read([&query](SqlSession& session) { return fts5::find_tracks(session, query); });
}

Awaitable<std::optional<HitPage>> Fts5SearchIndex::find_lines(LineQuery query) {
    co_return co_await database_.read([&query](SqlSession& session) { return fts5::find_lines(session, query); });
}

}  // namespace movio
