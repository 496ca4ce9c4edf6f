#include "media/format/timeline.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "media/format/box_writer.hpp"
#include "media/format/sound.hpp"

namespace movio::media {

namespace {

constexpr std::int64_t kMicroseconds = 1'000'000;

template <class Rendition>
std::vector<std::int64_t> starts_of(const Plan& plan, const Rendition& rendition, std::int64_t end) {
    std::vector<std::int64_t> starts;
    starts.reserve(static_cast<std::size_t>(plan.grid.segments()) + 1);
    for (std::int64_t k = 0; k < plan.grid.segments(); ++k) starts.push_back(segment_decode_time(plan, rendition, k));
    starts.push_back(end);
    return starts;
}

std::int64_t longest_us(const Timeline& timeline) {
    std::int64_t longest = 0;
    for (std::size_t k = 0; k < timeline.segments(); ++k) longest = std::max(longest, timeline.content_us(k));
    return longest;
}

}  // namespace

std::int64_t Timeline::content_start_us(std::size_t k) const {
    return scale(std::max<std::int64_t>(0, starts[k] - media_time), kMicroseconds, timescale);
}

Timeline timeline_of(const Plan& plan, const VideoRendition& rendition) {
    const auto end = plan.grid.frames_total() * plan.grid.frame_ticks();
    return {.timescale = plan.grid.timescale(), .media_time = 0, .starts = starts_of(plan, rendition, end)};
}

Timeline timeline_of(const Plan& plan, const AudioRendition& rendition) {
    const auto end = rendition.frames_total * kAacFrameSamples;
    return {.timescale = rendition.sample_rate,
            .media_time = rendition.media_time,
            .starts = starts_of(plan, rendition, end)};
}

std::int64_t film_duration_us(const Plan& plan) {
    return scale(plan.grid.frames_total(), plan.grid.frame_ticks() * kMicroseconds, plan.grid.timescale());
}

std::int64_t presentation_end_us(const Plan& plan) {
    constexpr std::int64_t kMilliseconds = 1000;
    const auto& grid = plan.grid;
    auto end_ms = scale(grid.frames_total(), grid.frame_ticks() * kMilliseconds, grid.timescale(), Rounding::up);
    for (const auto& audio : plan.audio) {
        const auto ticks = audio.frames_total * kAacFrameSamples - audio.media_time;
        end_ms = std::max(end_ms, scale(ticks, kMilliseconds, audio.sample_rate, Rounding::up));
    }
    return end_ms * (kMicroseconds / kMilliseconds);
}

std::int64_t target_duration_seconds(const Plan& plan) {
    std::int64_t longest = 0;
    if (!plan.video.empty()) longest = longest_us(timeline_of(plan, plan.video.front()));
    for (const auto& audio : plan.audio) longest = std::max(longest, longest_us(timeline_of(plan, audio)));
    return std::max<std::int64_t>(1, scale(longest, 1, kMicroseconds));
}

std::string decimal_seconds(std::int64_t microseconds) {
    return fmt::format("{}.{:06}", microseconds / kMicroseconds, microseconds % kMicroseconds);
}

}  // namespace movio::media
