#include "media/format/h264_level.hpp"

#include <array>

#include <fmt/format.h>

namespace movio::media {

namespace {

struct Level {
    int number;
    std::int64_t macroblocks_per_second_max;
    std::int64_t frame_macroblocks_max;
    std::int64_t dpb_macroblocks_max;
    std::int64_t kbps_max;  // Main; High allows 1.25 times as much (table A-2)
};

constexpr std::array kLevels{
    Level{10, 1485, 99, 396, 64},
    Level{11, 3000, 396, 900, 192},
    Level{12, 6000, 396, 2376, 384},
    Level{13, 11880, 396, 2376, 768},
    Level{20, 11880, 396, 2376, 2000},
    Level{21, 19800, 792, 4752, 4000},
    Level{22, 20250, 1620, 8100, 4000},
    Level{30, 40500, 1620, 8100, 10000},
    Level{31, 108000, 3600, 18000, 14000},
    Level{32, 216000, 5120, 20480, 20000},
    Level{40, 245760, 8192, 32768, 20000},
    Level{41, 245760, 8192, 32768, 50000},
    Level{42, 522240, 8704, 34816, 50000},
    Level{50, 589824, 22080, 110400, 135000},
    Level{51, 983040, 36864, 184320, 240000},
    Level{52, 2073600, 36864, 184320, 240000},
    Level{60, 4177920, 139264, 696320, 240000},
    Level{61, 8355840, 139264, 696320, 480000},
    Level{62, 16711680, 139264, 696320, 800000},
};

// x264 keeps at least four frames when B-frames may be references (b-pyramid normal), whatever --ref says.
constexpr std::int64_t kReferenceFrames = 4;

}  // namespace

std::optional<int> lowest_h264_level(int width, int height, Rational frame_rate, int cap_kbps, bool high_profile) {
    const std::int64_t across = (width + 15) / 16;
    const std::int64_t down = (height + 15) / 16;
    const auto frame = across * down;
    const auto per_second = scale(frame, frame_rate.num, frame_rate.den, Rounding::up);
    for (const auto& level : kLevels) {
        const auto side_squared_max = level.frame_macroblocks_max * 8;
        const auto kbps_max = high_profile ? level.kbps_max * 5 / 4 : level.kbps_max;
        const bool fits = frame <= level.frame_macroblocks_max && per_second <= level.macroblocks_per_second_max &&
                          frame * kReferenceFrames <= level.dpb_macroblocks_max && cap_kbps <= kbps_max &&
                          across * across <= side_squared_max && down * down <= side_squared_max;
        if (fits) return level.number;
    }
    return std::nullopt;
}

std::string h264_codecs(bool high_profile, int level) {
    return fmt::format("avc1.{}{:02x}", high_profile ? "6400" : "4d40", level);
}

}  // namespace movio::media
