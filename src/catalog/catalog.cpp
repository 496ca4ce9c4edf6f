#include "catalog/catalog.hpp"

#include <charconv>

#include <fmt/format.h>

#include "catalog/users.hpp"

namespace movio::catalog {
namespace {

using Cursor = std::pair<std::int64_t, std::string>;

std::string cursor_of(const Video& video) { return fmt::format("{}-{}", video.created_us, video.id.text()); }

std::optional<Cursor> parse_cursor(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    Cursor cursor;
    const auto digits = text.substr(0, dash);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), cursor.first);
    const auto id = VideoId::parse(text.substr(dash + 1));
    if (error != std::errc{} || end != digits.data() + digits.size() || !id) return std::nullopt;
    cursor.second = id->text();
    return cursor;
}

struct Rows {
    std::vector<Video> videos;
    std::vector<std::vector<CaptionTrackRow>> captions;
    // Whom and for which groups they are, of those the viewer may change.
    std::vector<std::vector<Person>> people;
    std::vector<std::vector<Group>> groups;

    void add(SqlSession& session, const Viewer& viewer, Video video) {
        const bool mine = may_change(viewer, video);
        captions.push_back(tracks_of(session, video.id));
        people.push_back(mine ? people_of(session, video.id) : std::vector<Person>());
        groups.push_back(mine ? groups_of(session, video.id) : std::vector<Group>());
        videos.push_back(std::move(video));
    }
};

}  // namespace

Awaitable<std::optional<VideoView>> Catalog::find(Viewer viewer, VideoId id) {
    Rows rows = co_await database_.read([&viewer, id](SqlSession& session) {
        Rows found;
        auto video = find_video(session, id);
        if (!video || !may_see(viewer, *video, reaches(session, viewer, *video))) return found;
        found.add(session, viewer, std::move(*video));
        return found;
    });
    if (rows.videos.empty()) co_return std::nullopt;
    auto view = make_view(viewer, std::move(rows.videos.front()), std::move(rows.captions.front()), watch_, links_);
    view.shared_with = std::move(rows.people.front());
    view.groups = std::move(rows.groups.front());
    co_return view;
}

Awaitable<Result<VideoPage>> Catalog::list(Viewer viewer, VideoListQuery query) {
    VideoPageQuery page_query;
    page_query.viewer = viewer;
    page_query.choice = query.choice;
    page_query.limit = query.limit + 1;  // one more tells whether there is a page behind
    if (query.cursor) {
        page_query.after = parse_cursor(*query.cursor);
        if (!page_query.after)
            co_return fail(ErrorCode::invalid, "The cursor is not one that this server gave; begin without it");
    }
    Rows rows = co_await database_.read([&page_query](SqlSession& session) {
        Rows found;
        for (auto& video : list_videos(session, page_query)) found.add(session, page_query.viewer, std::move(video));
        return found;
    });
    VideoPage page;
    if (rows.videos.size() > static_cast<std::size_t>(query.limit)) {
        rows.videos.pop_back();
        page.next = cursor_of(rows.videos.back());
    }
    for (std::size_t i = 0; i < rows.videos.size(); ++i) {
        auto view = make_view(viewer, std::move(rows.videos[i]), std::move(rows.captions[i]), watch_, links_);
        view.shared_with = std::move(rows.people[i]);
        view.groups = std::move(rows.groups[i]);
        if (view.video.deleted_us) view.purge_us = *view.video.deleted_us + trash_keep_us_.count();
        page.items.push_back(std::move(view));
    }
    co_return page;
}

Awaitable<VisibilityChoice> Catalog::choices(Viewer viewer, DefaultVisibility defaults) {
    co_return co_await database_.read([&](SqlSession& session) {
        VisibilityChoice choice;
        choice.groups = groups_to_choose(session, viewer);
        for (const auto level : kVisibilities)
            if (level != "group" || !choice.groups.empty()) choice.levels.emplace_back(level);
        choice.fallback = viewer.user ? defaults.of(find_user(session, *viewer.user)) : defaults.all;
        return choice;
    });
}

}  // namespace movio::catalog
