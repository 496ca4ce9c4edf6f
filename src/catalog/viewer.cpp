#include "catalog/viewer.hpp"

#include <string>

#include <fmt/format.h>

namespace movio::catalog {
namespace {

bool plays(const Video& video) { return video.status == VideoStatus::playable || video.status == VideoStatus::ready; }

bool is_uploaded(const Video& video) { return video.status != VideoStatus::uploading; }

bool is_hidden(const Video& video) { return video.moderation.has_value(); }

// Whether the film is meant for the viewer, so that lists and searches show it.
bool is_for(const Viewer& viewer, const Video& video, bool reached) {
    if (is_hidden(video)) return false;
    if (video.visibility == "public") return true;
    if (video.visibility == "internal") return viewer.user.has_value();
    return reached && !viewer.link && (video.visibility == "shared" || video.visibility == "group");
}

// The same as a condition on the columns of `videos`, for a user.
constexpr std::string_view kIsFor =
    "(moderation IS NULL AND (visibility IN ('public', 'internal') "
    "OR (visibility = 'shared' AND EXISTS (SELECT 1 FROM video_shares "
    "WHERE video_shares.video_id = videos.id AND video_shares.user_id = $1)) "
    "OR (visibility = 'group' AND EXISTS (SELECT 1 FROM video_groups "
    "JOIN group_members ON group_members.group_id = video_groups.group_id "
    "WHERE video_groups.video_id = videos.id AND group_members.user_id = $1))))";

}  // namespace

bool owns(const Viewer& viewer, const Video& video) { return viewer.user && viewer.user->text() == video.owner_id; }

bool moderates(const Viewer& viewer) { return viewer.moderator || viewer.admin; }

bool is_open(const Video& video) {
    return !is_hidden(video) && (video.visibility == "public" || video.visibility == "unlisted");
}

bool may_see(const Viewer& viewer, const Video& video, bool reached) {
    if (video.deleted_us) return false;
    if (owns(viewer, video)) return true;
    if (!is_uploaded(video)) return false;
    if (is_hidden(video)) return moderates(viewer);
    const bool linked = reached && viewer.link.has_value();
    const bool judges = viewer.admin || (viewer.moderator && video.open_reports > 0);
    return judges || linked || is_open(video) || is_for(viewer, video, reached);
}

bool may_find(const Viewer& viewer, const Video& video, bool reached) {
    if (video.deleted_us) return false;
    return owns(viewer, video) || (is_uploaded(video) && is_for(viewer, video, reached));
}

bool may_list(const Viewer& viewer, const Video& video, bool reached) {
    if (video.deleted_us) return false;
    return owns(viewer, video) || (plays(video) && is_for(viewer, video, reached));
}

bool may_change(const Viewer& viewer, const Video& video) { return viewer.admin || owns(viewer, video); }

// Strangers have conditions of their own, word for word those of partial indexes.
std::string_view sql_may_find(const Viewer& viewer) {
    static const auto kUsers =
        fmt::format("deleted_us IS NULL AND (owner_id = $1 OR (status <> 'uploading' AND {}))", kIsFor);
    if (viewer.user) return kUsers;
    return "deleted_us IS NULL AND moderation IS NULL AND visibility = 'public' AND status <> 'uploading' "
           "AND CAST($1 AS TEXT) IS NULL";
}

std::string_view sql_may_list(const Viewer& viewer) {
    static const auto kUsers =
        fmt::format("deleted_us IS NULL AND (owner_id = $1 OR (status IN ('playable', 'ready') AND {}))", kIsFor);
    if (viewer.user) return kUsers;
    return "deleted_us IS NULL AND moderation IS NULL AND visibility = 'public' AND status IN ('playable', 'ready') "
           "AND CAST($1 AS TEXT) IS NULL";
}

SqlValue sql_user(const Viewer& viewer) { return viewer.user ? sql(viewer.user->text()) : SqlValue{}; }

}  // namespace movio::catalog
