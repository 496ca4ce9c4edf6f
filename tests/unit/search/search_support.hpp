#pragma once
#include <string>
#include <vector>

#include "adapters/fts5/search_index.hpp"
#include "catalog/track_rows.hpp"
#include "catalog/video_rows.hpp"
#include "search/search_index.hpp"
#include "support/sqlite_service.hpp"

namespace movio::search::test {

// A catalog and an index, both real, in files of their own.
struct CatalogAndIndex {
    movio::test::SqliteService catalog{"catalog"};
    movio::test::SqliteService search{"search"};
    Fts5SearchIndex index{search.database};

    VideoId add_film(const std::string& title, const std::string& description = "", const std::string& owner = "") {
        catalog::Video video;
        video.id = VideoId::make();
        video.owner_id = owner;
        video.title = title;
        video.description = description;
        video.status = catalog::VideoStatus::submitted;
        video.filename = "film.mkv";
        video.source_key = "source/" + video.id.text() + "/1";
        catalog.write([&video](SqlSession& session) { catalog::insert_video(session, video); });
        set_status(video.id, catalog::VideoStatus::ready);
        return video.id;
    }
    TrackId add_track(VideoId video, const std::string& language, const std::vector<std::string>& texts) {
        catalog::CaptionTrackRow track;
        track.id = TrackId::make();
        track.video = video;
        track.language = language;
        std::vector<catalog::CueRow> cues;
        for (const auto& text : texts) {
            const auto at = static_cast<std::int64_t>(cues.size()) * 5000;
            cues.push_back({std::to_string(cues.size()), at, at + 3000, "<i>" + text + "</i>", text, ""});
        }
        catalog.write([&](SqlSession& session) { catalog::insert_track(session, track, cues); });
        return track.id;
    }
    void set_status(VideoId video, catalog::VideoStatus status) {
        catalog.write([&](SqlSession& session) { catalog::advance(session, video, status); });
    }
    // One column of the film's row, by hand: the catalog's own ways to change it are not this module's matter.
    void set(VideoId video, const std::string& column, const std::string& value) {
        catalog.write([&](SqlSession& session) {
            session.run("UPDATE videos SET " + column + " = $2 WHERE id = $1", {sql(video.text()), sql(value)});
        });
    }
    void set_trashed(VideoId video, bool trashed) {
        catalog.write([&](SqlSession& session) {
            session.run(trashed ? "UPDATE videos SET deleted_us = movio_now_us() WHERE id = $1"
                                : "UPDATE videos SET deleted_us = NULL WHERE id = $1",
                        {sql(video.text())});
        });
    }

    std::vector<VideoId> films(const std::string& word) {
        V1Query query;
        query.terms = {{"", word}};
        query.scope.all = true;
        return search.loop.run(index.find_films(query));
    }
    std::vector<TrackId> tracks(const std::string& word) {
        V1Query query;
        query.terms = {{"", word}};
        query.scope.all = true;
        std::vector<TrackId> ids;
        for (const auto& match : search.loop.run(index.find_tracks(query))) ids.push_back(match.track);
        return ids;
    }
};

}  // namespace movio::search::test
