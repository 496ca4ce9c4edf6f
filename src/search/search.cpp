#include "search/search.hpp"

#include <algorithm>

#include "catalog/audience.hpp"
#include "catalog/track_rows.hpp"
#include "catalog/video_rows.hpp"
#include "media/format/captions/captions.hpp"

namespace movio::search {
namespace {

bool may_find(SqlSession& session, const catalog::Viewer& viewer, const catalog::Video& video) {
    return catalog::may_find(viewer, video, catalog::reaches(session, viewer, video));
}

bool may_list(SqlSession& session, const catalog::Viewer& viewer, const catalog::Video& video) {
    return catalog::may_list(viewer, video, catalog::reaches(session, viewer, video));
}

std::string webvtt_of(SqlSession& catalog, TrackId track) {
    std::vector<media::Cue> cues;
    for (auto& row : catalog::cues_of(catalog, track))
        cues.push_back({row.start_ms, row.end_ms, std::move(row.text), std::move(row.plain), std::move(row.settings)});
    return media::to_webvtt(cues);
}

std::vector<catalog::Video> read_films(SqlSession& catalog, const std::vector<VideoId>& ids,
                                       const catalog::Viewer& viewer) {
    std::vector<catalog::Video> films;
    for (const auto id : ids)
        if (auto video = catalog::find_video(catalog, id); video && may_find(catalog, viewer, *video))
            films.push_back(std::move(*video));
    return films;
}

std::vector<FoundTrack> read_tracks(SqlSession& catalog, const std::vector<TrackMatch>& matches,
                                    const catalog::Viewer& viewer) {
    std::vector<FoundTrack> tracks;
    for (const auto& match : matches) {
        const auto video = catalog::find_video(catalog, match.video);
        if (!video || !may_find(catalog, viewer, *video)) continue;
        const auto rows = catalog::tracks_of(catalog, match.video);
        const auto row = std::ranges::find(rows, match.track, &catalog::CaptionTrackRow::id);
        if (row == rows.end()) continue;
        FoundTrack track;
        track.track = match.track;
        track.video = match.video;
        track.language = row->language;
        track.content = webvtt_of(catalog, match.track);
        track.created_us = track.updated_us = row->created_us;
        track.start_ms = match.start_ms;
        tracks.push_back(std::move(track));
    }
    return tracks;
}

}  // namespace

Awaitable<SearchScope> Search::scope_of(catalog::Viewer viewer, bool listed_only) {
    SearchScope scope;
    scope.listed_only = listed_only;
    if (!viewer.user) co_return scope;
    scope.owner_id = viewer.user->text();
    scope.films =
        co_await catalog_.read([&viewer](SqlSession& session) { return catalog::films_that_reach(session, viewer); });
    co_return scope;
}

Awaitable<std::vector<catalog::Video>> Search::films(V1Query query, catalog::Viewer viewer) {
    query.scope = co_await scope_of(viewer, false);
    const auto ids = co_await index_.find_films(std::move(query));
    co_return co_await catalog_.read([&ids, &viewer](SqlSession& session) { return read_films(session, ids, viewer); });
}

Awaitable<std::vector<FoundTrack>> Search::tracks(V1Query query, catalog::Viewer viewer) {
    query.scope = co_await scope_of(viewer, false);
    const auto matches = co_await index_.find_tracks(std::move(query));
    co_return co_await catalog_.read(
        [&matches, &viewer](SqlSession& session) { return read_tracks(session, matches, viewer); });
}

Awaitable<Result<FoundPage>> Search::lines(LineQuery query, catalog::Viewer viewer) {
    query.scope = co_await scope_of(viewer, true);
    auto found = co_await index_.find_lines(std::move(query));
    if (!found) co_return fail(ErrorCode::invalid, "The cursor is not one that this server gave; begin without it");
    FoundPage page;
    page.items = co_await catalog_.read([&found, &viewer](SqlSession& session) {
        std::vector<FoundFilm> items;
        for (const auto& film : found->films)
            if (auto video = catalog::find_video(session, film.video); video && may_list(session, viewer, *video))
                items.push_back({std::move(*video), std::nullopt, film.hits});
        return items;
    });
    for (auto& item : page.items)
        if (const auto links = links_.playback(viewer, item.video)) item.poster_url = links->poster_url;
    page.next = std::move(found->next);
    co_return page;
}

}  // namespace movio::search
