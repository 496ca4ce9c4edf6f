#include "catalog/viewer.hpp"

namespace movio::catalog {
namespace {

bool plays(const Video& video) { return video.status == VideoStatus::playable || video.status == VideoStatus::ready; }

bool is_uploaded(const Video& video) { return video.status != VideoStatus::uploading; }

}  // namespace

bool owns(const Viewer& viewer, const Video& video) { return viewer.user && viewer.user->text() == video.owner_id; }

bool is_open(const Video& video) { return video.visibility == "public" || video.visibility == "unlisted"; }

bool may_see(const Viewer& viewer, const Video& video) {
    if (video.deleted_us) return false;
    if (owns(viewer, video)) return true;
    if (!is_uploaded(video)) return false;
    return viewer.admin || is_open(video);
}

bool may_find(const Viewer& viewer, const Video& video) {
    if (video.deleted_us) return false;
    return owns(viewer, video) || (video.visibility == "public" && is_uploaded(video));
}

bool may_list(const Viewer& viewer, const Video& video) {
    if (video.deleted_us) return false;
    return owns(viewer, video) || (video.visibility == "public" && plays(video));
}

bool may_change(const Viewer& viewer, const Video& video) { return viewer.admin || owns(viewer, video); }

// Strangers have conditions of their own, word for word those of partial indexes.
std::string_view sql_may_find(const Viewer& viewer) {
    if (!viewer.user)
        return "deleted_us IS NULL AND visibility = 'public' AND status <> 'uploading' "
               "AND CAST($1 AS TEXT) IS NULL";
    return "deleted_us IS NULL AND (owner_id = $1 OR (visibility = 'public' AND status <> 'uploading'))";
}

std::string_view sql_may_list(const Viewer& viewer) {
    if (!viewer.user)
        return "deleted_us IS NULL AND visibility = 'public' AND status IN ('playable', 'ready') "
               "AND CAST($1 AS TEXT) IS NULL";
    return "deleted_us IS NULL AND (owner_id = $1 OR (visibility = 'public' AND status IN ('playable', 'ready')))";
}

SqlValue sql_user(const Viewer& viewer) { return viewer.user ? sql(viewer.user->text()) : SqlValue{}; }

}  // namespace movio::catalog
