#include "catalog/publish_time.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.hpp"
#include "base/metrics.hpp"

namespace movio::catalog {
namespace {

// libavcodec's name, ours.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kCodecs{{
    {"h264", "h264"},
    {"hevc", "hevc"},
    {"vp8", "vp8"},
    {"vp9", "vp9"},
    {"av1", "av1"},
    {"mpeg2video", "mpeg2"},
    {"mpeg1video", "mpeg2"},
    {"mpeg4", "mpeg4"},
}};

std::string_view codec_of(const media::Plan& plan) {
    if (!plan.video_stream) return "none";
    const auto track = std::ranges::find(plan.index.tracks, *plan.video_stream, &media::Track::stream);
    if (track == plan.index.tracks.end()) return "other";
    const auto* const known =
        std::ranges::find(kCodecs, std::string_view(track->codec), &decltype(kCodecs)::value_type::first);
    return known == kCodecs.end() ? "other" : known->second;
}

const std::vector<double>& bounds() {
    static const std::vector<double> seconds{0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60, 300};
    return seconds;
}

}  // namespace

InputClass input_class(const media::Plan& plan) {
    return {plan.duration_ms() <= limits::kShortFilmMs ? "short" : "long", codec_of(plan)};
}

void count_publish_time(const Video& video, const media::Plan& plan) {
    const auto after_ms = playable_after_ms(video);
    if (!after_ms) return;
    const auto input = input_class(plan);
    histogram("movio_playable_seconds", "From the last byte of an upload to a film that plays.", bounds(),
              {{"length", input.length}, {"codec", input.codec}})
        .observe(static_cast<double>(*after_ms) / 1000.0);
}

}  // namespace movio::catalog
