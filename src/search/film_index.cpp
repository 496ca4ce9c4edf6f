#include "search/film_index.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "catalog/track_rows.hpp"
#include "catalog/video_rows.hpp"

namespace movio::search {
namespace {

// Changes of one film while it is being put; more of them come with events of their own.
constexpr int kRoundsMax = 20;

bool is_searched(const catalog::Video& video) {
    return video.status != catalog::VideoStatus::uploading && !video.deleted_us;
}

FilmDocument film_document(catalog::Video video) {
    const bool plays = video.status == catalog::VideoStatus::playable || video.status == catalog::VideoStatus::ready;
    FilmDocument film;
    film.video = video.id;
    film.owner_id = std::move(video.owner_id);
    const bool hidden = video.moderation.has_value();
    film.seen_by_all = video.visibility == "public" && !hidden;
    film.listed_for_all = film.seen_by_all && plays;
    film.for_users = video.visibility == "internal" && !hidden;
    film.created_us = video.created_us;
    film.updated_us = video.updated_us;
    film.title = std::move(video.title);
    film.description = std::move(video.description);
    return film;
}

TrackDocument track_document(SqlSession& catalog, const catalog::CaptionTrackRow& track) {
    TrackDocument document;
    document.track = track.id;
    document.video = track.video;
    document.language = track.language;
    document.created_us = document.updated_us = track.created_us;
    auto cues = catalog::cues_of(catalog, track.id);
    document.lines.reserve(cues.size());
    for (auto& cue : cues) document.lines.push_back({cue.start_ms, cue.end_ms, std::move(cue.plain)});
    return document;
}

}  // namespace

// A film as the catalog has it, without the bulk of its tracks.
struct FilmIndex::Snapshot {
    VideoId id;
    std::optional<catalog::Video> video;  // nullopt: is not to be found
    std::vector<catalog::CaptionTrackRow> tracks;

    static Snapshot read(SqlSession& catalog, VideoId id) {
        Snapshot snapshot{id, catalog::find_video(catalog, id), {}};
        if (snapshot.video && !is_searched(*snapshot.video)) snapshot.video.reset();
        if (snapshot.video) snapshot.tracks = catalog::tracks_of(catalog, id);
        return snapshot;
    }
    // All that decides on the documents: a track's version rises with each change.
    std::string stamp() const {
        if (!video) return "";
        std::string text =
            fmt::format("{} {} {} {}\n{}\n{}", video->updated_us, video->visibility, catalog::to_text(video->status),
                        video->owner_id, video->title, video->description);
        for (const auto& track : tracks)
            text += fmt::format("\n{} {} {}", track.id.text(), track.version, track.language);
        return text;
    }
};

Awaitable<void> FilmIndex::refresh(VideoId id) {
    const auto read = [id](SqlSession& session) { return Snapshot::read(session, id); };
    // Whoever puts what has become old meanwhile sees so afterwards and puts again: the last to write is never behind.
    for (int round = 0; round < kRoundsMax; ++round) {
        auto snapshot = co_await catalog_.read(read);
        const auto stamp = snapshot.stamp();
        if (snapshot.video)
            co_await put(std::move(snapshot));
        else
            co_await index_.remove_film(id);
        const auto now = co_await catalog_.read(read);
        if (now.stamp() == stamp) co_return;
    }
    throw Failure(fmt::format("the search index does not keep up with changes of the film {}", id.text()));
}

Awaitable<void> FilmIndex::put(Snapshot snapshot) {
    co_await index_.put_film(film_document(std::move(*snapshot.video)));
    std::vector<TrackId> kept;
    for (const auto& track : snapshot.tracks) {
        auto document =
            co_await catalog_.read([&track](SqlSession& session) { return track_document(session, track); });
        co_await index_.put_track(std::move(document));
        kept.push_back(track.id);
    }
    co_await index_.keep_tracks(snapshot.id, std::move(kept));
}

}  // namespace movio::search
