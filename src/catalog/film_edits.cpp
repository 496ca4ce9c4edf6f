#include "catalog/film_edits.hpp"

#include <algorithm>
#include <ranges>

#include <fmt/ranges.h>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "catalog/audience.hpp"
#include "catalog/licence.hpp"
#include "catalog/tell_changed.hpp"
#include "catalog/users.hpp"
#include "catalog/video_text.hpp"

namespace movio::catalog {
namespace {

Result<Video> changeable(SqlSession& session, const Viewer& viewer, VideoId id, bool in_trash) {
    auto video = find_video(session, id);
    const bool in_reach = video && video->deleted_us.has_value() == in_trash;
    if (in_reach && may_change(viewer, *video)) {
        if (video->status != VideoStatus::uploading) return std::move(*video);
        return fail(ErrorCode::conflict, "This video is still being uploaded. Change it when it has arrived.");
    }
    if (video && may_see(viewer, *video, reaches(session, viewer, *video)))
        return fail(ErrorCode::forbidden, "This video belongs to somebody else. Only its owner may change it.");
    return fail(ErrorCode::not_found, fmt::format("There is no video {}", id.text()));
}

constexpr auto kIdentifiers = std::views::transform(&Licence::id);

Result<void> tidy(VideoChange& change) {
    if (change.title) {
        change.title = std::string(trimmed(*change.title));
        if (change.title->empty() || characters(*change.title) > kTitleCharactersMax)
            return fail(ErrorCode::invalid, fmt::format("A title has 1 to {} characters", kTitleCharactersMax));
    }
    if (change.description) {
        change.description = std::string(trimmed(*change.description));
        if (characters(*change.description) > kDescriptionCharactersMax)
            return fail(ErrorCode::invalid,
                        fmt::format("A description has at most {} characters", kDescriptionCharactersMax));
    }
    if (change.visibility && std::ranges::find(kVisibilities, *change.visibility) == kVisibilities.end())
        return fail(ErrorCode::invalid, fmt::format("A video is one of: {}", fmt::join(kVisibilities, ", ")));
    if (change.licence && !change.licence->empty() && find_licence(*change.licence) == nullptr)
        return fail(ErrorCode::invalid,
                    fmt::format("A licence is one of: {}; or empty", fmt::join(kLicences | kIdentifiers, ", ")));
    if (change.attribution) {
        change.attribution = std::string(trimmed(*change.attribution));
        if (characters(*change.attribution) > kAttributionCharactersMax)
            return fail(ErrorCode::invalid,
                        fmt::format("An attribution has at most {} characters", kAttributionCharactersMax));
    }
    if (change.shared_with && std::cmp_greater(change.shared_with->size(), limits::kSharedWithMax))
        return fail(ErrorCode::invalid,
                    fmt::format("A video is shared with at most {} people by name", limits::kSharedWithMax));
    return {};
}

bool says_nothing(const VideoChange& change) {
    return !change.title && !change.description && !change.visibility && !change.shared_with && !change.groups &&
           !change.licence && !change.attribution;
}

// Hiding is nobody's business but the owner's.
bool shows_to_others(const VideoChange& change) {
    return (change.visibility && *change.visibility != "private") ||
           (change.shared_with && !change.shared_with->empty()) || (change.groups && !change.groups->empty());
}

// Of who may see a film; texts are no matter of safety.
void record_audience(SqlSession& session, const audit::Actor& by, const Video& before, const VideoChange& change) {
    if (!change.visibility && !change.shared_with && !change.groups) return;
    JsonWriter detail;
    detail.begin_object();
    if (change.visibility) detail.member("from", before.visibility).member("to", *change.visibility);
    if (change.shared_with) detail.member("people", static_cast<std::int64_t>(change.shared_with->size()));
    if (change.groups) detail.member("groups", static_cast<std::int64_t>(change.groups->size()));
    detail.end_object();
    audit::record(session,
                  {.by = by, .action = "video.audience", .subject = before.id.text(), .detail = detail.take()});
}

}  // namespace

Awaitable<Result<void>> FilmEdits::change(Viewer viewer, VideoId id, VideoChange change, audit::Actor by) {
    if (auto fit = tidy(change); !fit) co_return fit;
    co_return co_await database_.write([&](SqlSession& session) -> Result<void> {
        const auto video = changeable(session, viewer, id, false);
        if (!video) return std::unexpected(video.error());
        if (says_nothing(change)) return {};
        if (shows_to_others(change))
            if (auto may = check_may_share(session, viewer); !may) return may;
        std::vector<GroupId> groups;
        if (change.groups) {
            auto chosen = chosen_groups(session, viewer, id, *change.groups);
            if (!chosen) return std::unexpected(std::move(chosen.error()));
            groups = std::move(*chosen);
        }
        if (change.shared_with)
            if (auto shared = share_with(session, *video, *change.shared_with); !shared) return shared;
        if (change.groups) set_groups(session, id, groups);
        change_video(session, id, change);
        record_audience(session, by, *video, change);
        tell_changed(session, outbox_, watch_, id);
        return {};
    });
}

Awaitable<Result<void>> FilmEdits::trash(Viewer viewer, VideoId id, audit::Actor by) {
    auto done = co_await database_.write([&](SqlSession& session) -> Result<void> {
        const auto video = changeable(session, viewer, id, false);
        if (!video) return std::unexpected(video.error());
        set_deleted(session, id, true);
        audit::record(session, {.by = by, .action = "video.deleted", .subject = id.text()});
        tell_changed(session, outbox_, watch_, id);
        return {};
    });
    if (done) log_info("a film is in the trash", {{"video_id", id.text()}});
    co_return done;
}

Awaitable<Result<void>> FilmEdits::restore(Viewer viewer, VideoId id, audit::Actor by) {
    co_return co_await database_.write([&](SqlSession& session) -> Result<void> {
        const auto known = find_video(session, id);
        const bool in_trash = known && known->deleted_us;
        const auto video = changeable(session, viewer, id, in_trash);
        if (!video) return std::unexpected(video.error());
        if (!in_trash) return {};
        if (video->moderation && video->moderation->state == "deleted")
            return fail(ErrorCode::forbidden,
                        "A moderator has deleted this video. Only moderators and administrators can decide otherwise.");
        set_deleted(session, id, false);
        audit::record(session, {.by = by, .action = "video.restored", .subject = id.text()});
        tell_changed(session, outbox_, watch_, id);
        return {};
    });
}

}  // namespace movio::catalog
