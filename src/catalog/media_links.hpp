#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "catalog/track_rows.hpp"
#include "catalog/video.hpp"
#include "catalog/viewer.hpp"

namespace movio::catalog {

struct PlaybackLinks {
    std::string dash_url;
    std::string hls_url;
    std::optional<std::string> poster_url;
    std::optional<std::string> storyboard_url;  // WebVTT
    std::optional<std::string> preview_url;     // animated
    std::optional<std::string> chapters_url;    // WebVTT
    // Until when these addresses begin the film; what was begun goes on. nullopt: for ever.
    std::optional<std::int64_t> expires_us = {};
};

// Port: addresses of a film's media, for somebody who may see it. Playback makes them, nobody else does.
class MediaLinks {
public:
    virtual ~MediaLinks() = default;
    // nullopt while there is nothing to play.
    virtual std::optional<PlaybackLinks> playback(const Viewer& viewer, const Video& video) const = 0;
    virtual std::string caption(const Viewer& viewer, const Video& video, const CaptionTrackRow& track) const = 0;
};

}  // namespace movio::catalog
