#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "catalog/audience.hpp"
#include "catalog/film_watch.hpp"
#include "catalog/media_links.hpp"
#include "catalog/track_rows.hpp"
#include "catalog/video.hpp"
#include "catalog/viewer.hpp"

namespace movio::catalog {

// A film as the v2 API shows it: `GET /api/v2/videos/{id}`, list items and the data of a `video` event alike.
struct VideoView {
    Video video;
    std::vector<CaptionTrackRow> captions;
    std::optional<Progress> progress;
    std::optional<PlaybackLinks> playback;
    std::vector<std::string> caption_urls;  // one for each caption
    bool mine = false;                      // the viewer may change it
    bool tells_moderation = false;          // the viewer may change or moderate it
    std::vector<Person> shared_with;        // shown to whoever may change it
    std::vector<Group> groups;              // the same
    std::optional<std::int64_t> purge_us;   // of what lies in the trash: when it goes for good
};

VideoView make_view(const Viewer& viewer, Video video, std::vector<CaptionTrackRow> captions, const FilmWatch& watch,
                    const MediaLinks& links);
void write(JsonWriter& writer, const VideoView& view);
// The member `moderation`.
void write_moderation(JsonWriter& writer, const std::optional<Moderation>& moderation);

}  // namespace movio::catalog
