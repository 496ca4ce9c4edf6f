#include "media/format/passthrough.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "media/format/avc.hpp"
#include "media/format/hex.hpp"
#include "media/format/rungs.hpp"

namespace movio::media {

namespace {

constexpr std::int64_t kSecondsLeast = 2;
constexpr std::int64_t kSecondsWanted = 4;
constexpr std::int64_t kHeldSecondsMax = 1;  // of the last picture, while sound goes on
// Where the source is the only rung, slow lines have nothing lower to go to.
constexpr int kCapsAloneMax = 2;

std::int64_t frames_in(std::int64_t seconds, Rational rate) { return scale(seconds, rate.num, rate.den); }

// A short segment, as the last one may be, is not played alone: its bytes count over at least the least length.
std::int64_t peak_kbps(const std::vector<std::int64_t>& bytes, const Grid& grid) {
    const auto least = frames_in(kSecondsLeast, grid.frame_rate());
    std::int64_t peak = 1;
    for (std::size_t k = 0; k < bytes.size(); ++k) {
        const auto frames = std::max(least, grid.segment(static_cast<std::int64_t>(k)).frames);
        peak = std::max(peak, scale(bytes[k] * 8, grid.timescale(), frames * grid.frame_ticks() * 1000, Rounding::up));
    }
    return peak;
}

std::string profile_name(int profile_idc) {
    constexpr int kBaseline = 66;
    constexpr int kMain = 77;
    return profile_idc == kBaseline ? "baseline" : profile_idc == kMain ? "main" : "high";
}

VideoRendition passed_rendition(const Track& picture, const Grid& grid, int kbps) {
    const auto& facts = *picture.video->passthrough;
    const auto size = display_size(*picture.video);
    VideoRendition rendition;
    rendition.name = fmt::format("v-h264-{}", std::min(size.width, size.height));
    rendition.width = size.width;
    rendition.height = size.height;
    rendition.passthrough = true;
    rendition.avc_config = facts.avc_config;
    rendition.profile = profile_name(facts.profile);
    rendition.level = facts.level;
    rendition.codecs = codecs_of_avc_config(from_hex(facts.avc_config).value_or(Bytes{}));
    rendition.cap_kbps = kbps;
    rendition.buffer_kbit = kbps;
    rendition.crf = 0;
    rendition.preset = "passthrough";
    rendition.parameters_hash = parameters_hash(rendition, grid);
    return rendition;
}

}  // namespace

std::vector<std::int64_t> merge_idr_frames(const std::vector<std::int64_t>& idr_frames, Rational frame_rate,
                                           std::int64_t frames_total) {
    const auto least = frames_in(kSecondsLeast, frame_rate);
    const auto wanted = frames_in(kSecondsWanted, frame_rate);
    const auto most = frames_in(kIdrSecondsMax, frame_rate);
    std::vector<std::int64_t> firsts{0};
    // Whether one of these lengths is better than the other: within the bounds first, then near to what is wanted.
    const auto better = [&](std::int64_t length, std::int64_t than) {
        const bool fits = length >= least && length <= most;
        const bool other_fits = than >= least && than <= most;
        if (fits != other_fits) return fits;
        return std::abs(length - wanted) < std::abs(than - wanted);
    };
    for (std::size_t i = 1; i < idr_frames.size();) {
        const auto last = firsts.back();
        auto chosen = i;
        for (auto at = i; at < idr_frames.size() && idr_frames[at] - last <= most; ++at)
            if (better(idr_frames[at] - last, idr_frames[chosen] - last)) chosen = at;
        if (frames_total - last <= most) break;  // the rest is one segment
        firsts.push_back(idr_frames[chosen]);
        i = chosen + 1;
    }
    std::erase_if(firsts, [&](std::int64_t frame) { return frame >= frames_total; });
    return firsts;
}

std::vector<std::int64_t> passed_bytes(const PassthroughFacts& facts, const Grid& grid) {
    std::vector<std::int64_t> bytes(static_cast<std::size_t>(grid.segments()), 0);
    for (std::size_t i = 0; i < facts.idr_frames.size(); ++i) {
        if (facts.idr_frames[i] >= grid.frames_total()) break;
        bytes[static_cast<std::size_t>(grid.segment_of(facts.idr_frames[i]))] += facts.idr_bytes[i];
    }
    return bytes;
}

std::expected<PassedPicture, std::string> plan_passthrough(const Track& picture, const Grid& grid,
                                                           const PlanSettings& settings) {
    const auto& video = *picture.video;
    if (!video.passthrough) return std::unexpected(video.passthrough_obstacle);
    if (!settings.passthrough) return std::unexpected("Passing pictures through is turned off (media.passthrough).");
    const auto rate = grid.frame_rate();
    const auto total = std::max(grid.frames_total(), video.frames);
    if (total - grid.frames_total() > frames_in(kHeldSecondsMax, rate))
        return std::unexpected("The picture has more frames than its clock has time for.");
    if (total - video.frames > frames_in(kHeldSecondsMax, rate))
        return std::unexpected("The sound goes on for more than a second after the last picture.");
    const auto& facts = *video.passthrough;
    auto firsts = merge_idr_frames(facts.idr_frames, rate, total);
    PassedPicture passed{.grid = Grid::explicit_list(rate, total, std::move(firsts)), .rendition = {}};
    const auto bytes = passed_bytes(facts, passed.grid);
    const auto kbps = peak_kbps(bytes, passed.grid);
    const auto size = display_size(video);
    const int height = std::min(size.width, size.height);
    std::int64_t kbps_max = settings.passthrough_kbps_max;
    if (!has_rung_below(height, settings))
        kbps_max = std::min<std::int64_t>(kbps_max, kCapsAloneMax * cap_kbps_of(height, settings));
    if (kbps > kbps_max)
        return std::unexpected(fmt::format("The picture takes up to {} kb/s; {} kb/s may be passed through{}.", kbps,
                                           kbps_max,
                                           kbps_max < settings.passthrough_kbps_max ? " as the only rung" : ""));
    if (std::ranges::any_of(bytes, [](std::int64_t each) { return each > limits::kSegmentBytesMax / 2; }))
        return std::unexpected("A segment of the picture is larger than this server serves.");
    passed.rendition = passed_rendition(picture, passed.grid, static_cast<int>(kbps));
    return passed;
}

std::int64_t frames_held(const Plan& plan) {
    const auto* picture = plan.find_picture();
    return picture == nullptr ? 0 : std::max<std::int64_t>(0, plan.grid.frames_total() - picture->video->frames);
}

}  // namespace movio::media
