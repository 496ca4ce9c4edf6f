#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "catalog/audience.hpp"
#include "catalog/default_visibility.hpp"
#include "catalog/film_watch.hpp"
#include "catalog/media_links.hpp"
#include "catalog/video_rows.hpp"
#include "catalog/video_view.hpp"
#include "catalog/viewer.hpp"
#include "ports/database.hpp"

namespace movio::catalog {

struct VideoPage {
    std::vector<VideoView> items;
    std::optional<std::string> next;  // cursor of the page behind this one
};

struct VideoListQuery {
    VideoChoice choice = VideoChoice::listed;
    std::optional<std::string> cursor = {};
    int limit = 24;
};

// What a viewer may say of who sees a film.
struct VisibilityChoice {
    std::vector<std::string> levels;
    std::vector<Group> groups;  // none: `group` is not among the levels
    std::string fallback;       // what an upload gets of which nothing is said
};

// The films as people see them. Thread-safe.
class Catalog {
public:
    // `trash_keep` is how long a film lies in the trash, as Trash has it. The references outlive the catalog.
    Catalog(Database& database, FilmWatch& watch, const MediaLinks& links, std::chrono::days trash_keep)
        : database_(database), watch_(watch), links_(links), trash_keep_us_(trash_keep) {}

    // nullopt when there is none that this viewer may see, or it is in the trash.
    Awaitable<std::optional<VideoView>> find(Viewer viewer, VideoId id);
    // Newest first; a cursor that is none of ours is `invalid`. One's own films and trash are empty for a stranger.
    Awaitable<Result<VideoPage>> list(Viewer viewer, VideoListQuery query);
    Awaitable<VisibilityChoice> choices(Viewer viewer, DefaultVisibility defaults);
    FilmWatch& watch() { return watch_; }

private:
    Database& database_;
    FilmWatch& watch_;
    const MediaLinks& links_;
    std::chrono::microseconds trash_keep_us_;
};

}  // namespace movio::catalog
