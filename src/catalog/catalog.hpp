#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "catalog/film_watch.hpp"
#include "catalog/media_links.hpp"
#include "catalog/video_view.hpp"
#include "ports/database.hpp"

namespace movio::catalog {

struct VideoPage {
    std::vector<VideoView> items;
    std::optional<std::string> next;  // cursor of the page behind this one
};

// The films as people see them. Thread-safe.
class Catalog {
public:
    Catalog(Database& database, FilmWatch& watch, const MediaLinks& links)
        : database_(database), watch_(watch), links_(links) {}

    // nullopt when there is none, or it is in the bin.
    Awaitable<std::optional<VideoView>> find(VideoId id);
    // Newest first; a cursor that is none of ours is `invalid`.
    Awaitable<Result<VideoPage>> list(std::optional<std::string> cursor, int limit);
    FilmWatch& watch() { return watch_; }

private:
    Database& database_;
    FilmWatch& watch_;
    const MediaLinks& links_;
};

}  // namespace movio::catalog
