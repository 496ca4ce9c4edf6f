#pragma once
#include <optional>
#include <string>

#include "catalog/track_rows.hpp"
#include "catalog/video.hpp"

namespace movio::catalog {

struct PlaybackLinks {
    std::string dash_url;
    std::string hls_url;
    std::optional<std::string> poster_url;
    std::optional<std::string> storyboard_url;  // WebVTT
    std::optional<std::string> preview_url;     // animated
    std::optional<std::string> chapters_url;    // WebVTT
};

// Port: addresses of a film's media. Playback makes them, nobody else does.
class MediaLinks {
public:
    virtual ~MediaLinks() = default;
    // nullopt while there is nothing to play.
    virtual std::optional<PlaybackLinks> playback(const Video& video) const = 0;
    virtual std::string caption(const Video& video, const CaptionTrackRow& track) const = 0;
};

}  // namespace movio::catalog
