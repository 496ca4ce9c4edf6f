#pragma once
#include <string_view>

#include "catalog/video.hpp"
#include "media/format/plan.hpp"

namespace movio::catalog {

// What decides how long a film takes to play: how long it is and what it has to be decoded from. Both from a handful of
// values, so that they can be labels of a metric.
struct InputClass {
    std::string_view length;  // short, long: limits::kShortFilmMs
    std::string_view codec;   // of the picture: h264, hevc, vp8, vp9, av1, mpeg2, mpeg4, other; none: sound alone
};
InputClass input_class(const media::Plan& plan);

// Puts the time from the last byte to a film that plays into the histogram behind /metrics; nothing where it is not
// known. Once for each film, when it becomes playable.
void count_publish_time(const Video& video, const media::Plan& plan);

}  // namespace movio::catalog
