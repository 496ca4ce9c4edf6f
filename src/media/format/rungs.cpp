#include "media/format/rungs.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/digest.hpp"
#include "media/format/h264_level.hpp"

namespace movio::media {

namespace {

constexpr int kHighProfileFrom = 720;
constexpr int kCapKbpsMin = 64;
constexpr int kGainPercentMin = 15;  // by which a cap must exceed the next lower one's

int even_down(int value) { return std::max(2, value - value % 2); }

// A rung of its own is worth its bytes from a fifth more lines on.
bool is_well_above(int height, int other) { return height * 5 >= other * 6; }

int interpolated_cap(const std::vector<RungSettings>& rungs, int height) {
    if (rungs.empty()) return std::max(kCapKbpsMin, height * 10 / 3);  // 720 -> 2400
    RungSettings low{0, 0};
    RungSettings high = rungs.front();
    for (std::size_t i = 1; i < rungs.size() && high.height < height; ++i) {
        low = high;
        high = rungs[i];
    }
    if (high.height == low.height) return high.cap_kbps;
    const auto rise = scale(height - low.height, high.cap_kbps - low.cap_kbps, high.height - low.height);
    return std::max(kCapKbpsMin, low.cap_kbps + static_cast<int>(rise));
}

PictureSize scaled(PictureSize source, int short_side) {
    const auto from = std::min(source.width, source.height);
    const auto longer = std::max(source.width, source.height);
    const auto half = scale(longer, short_side, 2LL * from);
    const auto long_side = std::max(short_side, static_cast<int>(2 * half));
    return source.width >= source.height ? PictureSize{long_side, short_side} : PictureSize{short_side, long_side};
}

void add_rung(Ladder& ladder, PictureSize source, RungSettings wanted, const Grid& grid, const PlanSettings& settings) {
    const auto size = scaled(source, wanted.height);
    const bool high = wanted.height >= kHighProfileFrom;
    const auto level = lowest_h264_level(size.width, size.height, grid.frame_rate(), wanted.cap_kbps, high);
    if (!level) {
        ladder.rejected.push_back(
            {wanted.height, fmt::format("{} x {} is larger than any H.264 level allows.", size.width, size.height)});
        return;
    }
    VideoRendition rung;
    rung.name = fmt::format("v-h264-{}", wanted.height);
    rung.width = size.width;
    rung.height = size.height;
    rung.profile = high ? "high" : "main";
    rung.level = *level;
    rung.codecs = h264_codecs(high, *level);
    rung.cap_kbps = wanted.cap_kbps;
    rung.buffer_kbit = wanted.cap_kbps;
    rung.crf = settings.crf;
    rung.preset = settings.preset;
    rung.parameters_hash = parameters_hash(rung, grid);
    ladder.rungs.push_back(std::move(rung));
}

void drop_what_gains_nothing(std::vector<RungSettings>& chosen, Ladder& ladder) {
    std::vector<RungSettings> kept;
    for (const auto& rung : chosen) {
        const bool gains = kept.empty() || rung.cap_kbps * 100LL >= kept.back().cap_kbps * (100LL + kGainPercentMin);
        if (gains)
            kept.push_back(rung);
        else
            ladder.rejected.push_back(
                {rung.height, fmt::format("Its {} kb/s are hardly more than the {} kb/s of {} lines: it gains nothing.",
                                          rung.cap_kbps, kept.back().cap_kbps, kept.back().height)});
    }
    chosen = std::move(kept);
}

}  // namespace

int cap_kbps_of(int height, const PlanSettings& settings) {
    auto rungs = settings.rungs;
    std::ranges::sort(rungs, {}, &RungSettings::height);
    return interpolated_cap(rungs, height);
}

bool has_rung_below(int height, const PlanSettings& settings) {
    return std::ranges::any_of(settings.rungs, [&](const RungSettings& rung) {
        return rung.height <= settings.height_max && is_well_above(height, even_down(rung.height));
    });
}

std::string parameters_hash(const VideoRendition& rung, const Grid& grid) {
    auto text =
        fmt::format("{} {}x{} {} {} {} cap={} buffer={} crf={} preset={} threads={} rate={}/{} every={}", rung.name,
                    rung.width, rung.height, rung.codecs, rung.profile, rung.level, rung.cap_kbps, rung.buffer_kbit,
                    rung.crf, rung.preset, rung.threads, grid.timescale(), grid.frame_ticks(), grid.frames_each());
    if (rung.passthrough) text += fmt::format(" passthrough={}", rung.avc_config);
    for (const auto frame : grid.first_frames()) text += fmt::format(" {}", frame);
    return sha256_hex(as_bytes(text));
}

Ladder plan_rungs(PictureSize source, const std::optional<SourceRate>& rate, const Grid& grid,
                  const PlanSettings& settings, const VideoRendition* passed) {
    const int source_height = even_down(std::min(source.width, source.height));
    auto wanted = settings.rungs;
    std::ranges::sort(wanted, {}, &RungSettings::height);
    Ladder ladder;
    std::vector<RungSettings> chosen;
    for (const auto& rung : wanted) {
        if (rung.height > source_height)
            ladder.rejected.push_back({rung.height, fmt::format("The source has only {} lines.", source_height)});
        else if (rung.height > settings.height_max)
            ladder.rejected.push_back({rung.height, fmt::format("The ladder ends at {} lines.", settings.height_max)});
        else if (passed != nullptr && !is_well_above(source_height, even_down(rung.height)))
            ladder.rejected.push_back({rung.height, "The source's own picture, passed through, takes its place."});
        else
            chosen.push_back({even_down(rung.height), rung.cap_kbps});
    }
    if (passed == nullptr && chosen.empty()) {
        const int own = even_down(std::min(source_height, settings.height_max));
        chosen.push_back({own, interpolated_cap(wanted, own)});
    } else if (passed == nullptr && source_height <= settings.height_max &&
               is_well_above(source_height, chosen.back().height)) {
        chosen.push_back({source_height, interpolated_cap(wanted, source_height)});
    }
    for (auto& rung : chosen)
        if (rate)
            rung.cap_kbps = std::max(kCapKbpsMin, title_cap_kbps(*rate, scaled(source, rung.height), rung.cap_kbps));
    drop_what_gains_nothing(chosen, ladder);
    for (const auto& rung : chosen) add_rung(ladder, source, rung, grid, settings);
    if (passed != nullptr) ladder.rungs.push_back(*passed);
    return ladder;
}

}  // namespace movio::media
