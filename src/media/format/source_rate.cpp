#include "media/format/source_rate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace movio::media {

namespace {

constexpr int kFloorDivisor = 4;

// An average has moments of half as much again, which is in every figure here: H.264 itself has 150. What a codec saves
// or wastes against H.264 is the usual rule of thumb, not a measurement.
constexpr int kWorthUsual = 150;
constexpr std::array kWorth{
    std::pair{std::string_view("av1"), 270},       std::pair{std::string_view("hevc"), 225},
    std::pair{std::string_view("vp9"), 225},       std::pair{std::string_view("mpeg4"), 110},
    std::pair{std::string_view("msmpeg4v3"), 100}, std::pair{std::string_view("mpeg2video"), 75},
    std::pair{std::string_view("mpeg1video"), 65}, std::pair{std::string_view("mjpeg"), 40},
    std::pair{std::string_view("prores"), 40},     std::pair{std::string_view("dnxhd"), 40},
    std::pair{std::string_view("rawvideo"), 20},   std::pair{std::string_view("ffv1"), 30},
};

int worth_of(std::string_view codec) {
    const auto found = std::ranges::find(kWorth, codec, &std::pair<std::string_view, int>::first);
    return found == kWorth.end() ? kWorthUsual : found->second;
}

}  // namespace

std::optional<SourceRate> source_rate(const Track& picture) {
    const auto duration_ms =
        scale(picture.end_pts - picture.first_pts, picture.time_base.num * 1000, picture.time_base.den);
    if (!picture.video || duration_ms <= 0 || picture.bytes <= 0) return std::nullopt;
    const auto kbps = std::clamp<std::int64_t>(scale(picture.bytes, 8, duration_ms), 1, INT32_MAX);
    const auto pixels = std::int64_t{picture.video->width} * picture.video->height;
    if (pixels <= 0) return std::nullopt;
    return SourceRate{static_cast<int>(kbps), pixels, worth_of(picture.codec)};
}

int scaled_kbps(const SourceRate& source, PictureSize size) {
    const double share = static_cast<double>(size.width) * size.height / static_cast<double>(source.pixels);
    // Square roots are exact to the last bit everywhere, as pow() is not: the same index gives the same plan.
    const double rate = source.kbps * (source.worth_percent / 100.0) * std::sqrt(share) * std::sqrt(std::sqrt(share));
    return static_cast<int>(std::clamp(std::round(rate), 1.0, 1e9));
}

int title_cap_kbps(const SourceRate& source, PictureSize size, int ladder_kbps) {
    return std::min(ladder_kbps, std::max(ladder_kbps / kFloorDivisor, scaled_kbps(source, size)));
}

}  // namespace movio::media
