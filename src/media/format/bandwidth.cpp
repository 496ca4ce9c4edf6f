#include "media/format/bandwidth.hpp"

#include <algorithm>
#include <numeric>

#include "media/format/passthrough.hpp"
#include "media/format/sound.hpp"
#include "media/format/timeline.hpp"

namespace movio::media {

namespace {

constexpr std::int64_t kMicroseconds = 1'000'000;
constexpr std::int64_t kSegmentOverheadBits = 8 * 256;  // styp, moof without its samples, mdat's head
constexpr std::int64_t kSampleOverheadBits = 8 * 8;     // one entry of trun
constexpr std::int64_t kPassedOverheadBits = 8 * 16;    // with flags and duration

std::vector<std::int64_t> segment_durations_us(const Plan& plan) {
    std::vector<std::int64_t> durations;
    std::int64_t before = 0;
    for (std::int64_t k = 0; k < plan.grid.segments(); ++k) {
        const auto segment = plan.grid.segment(k);
        const auto end =
            scale(segment.first_frame + segment.frames, plan.grid.frame_ticks() * kMicroseconds, plan.grid.timescale());
        durations.push_back(end - before);
        before = end;
    }
    return durations;
}

const std::vector<MeasuredSegment>* measured_segments(const Plan& plan, const std::string& rendition,
                                                      const Measured* measured) {
    if (measured == nullptr) return nullptr;
    const auto found = measured->renditions.find(rendition);
    const bool whole =
        found != measured->renditions.end() && static_cast<std::int64_t>(found->second.size()) == plan.grid.segments();
    return whole ? &found->second : nullptr;
}

Weight weighed(const std::vector<MeasuredSegment>& segments) {
    Weight weight;
    for (const auto& segment : segments) weight.bits.push_back(segment.bytes * 8);
    weight.bits_total = std::accumulate(weight.bits.begin(), weight.bits.end(), std::int64_t{0});
    return weight;
}

std::int64_t bits_in(std::int64_t bits_per_second, std::int64_t duration_us) {
    return scale(bits_per_second, duration_us, kMicroseconds, Rounding::up);
}

}  // namespace

Weight weight_of(const Plan& plan, const VideoRendition& rendition, const Measured* measured) {
    if (const auto* segments = measured_segments(plan, rendition.name, measured)) return weighed(*segments);
    Weight weight;
    // What is passed through is known to the byte.
    const auto* picture = rendition.passthrough ? plan.find_picture() : nullptr;
    if (picture != nullptr && picture->video->passthrough) {
        const auto bytes = passed_bytes(*picture->video->passthrough, plan.grid);
        for (std::size_t k = 0; k < bytes.size(); ++k) {
            const auto frames = plan.grid.segment(static_cast<std::int64_t>(k)).frames;
            weight.bits.push_back(bytes[k] * 8 + kSegmentOverheadBits + frames * kPassedOverheadBits);
        }
        weight.bits_total = std::accumulate(weight.bits.begin(), weight.bits.end(), std::int64_t{0});
        return weight;
    }
    const auto durations = segment_durations_us(plan);
    for (std::size_t k = 0; k < durations.size(); ++k) {
        // A segment may empty a full buffer on top of the cap; x264 keeps to its buffer within a few per cent.
        const auto bits = bits_in(rendition.cap_kbps * 1000LL, durations[k]) + rendition.buffer_kbit * 1000LL;
        const auto frames = plan.grid.segment(static_cast<std::int64_t>(k)).frames;
        weight.bits.push_back(bits * 11 / 10 + kSegmentOverheadBits + frames * kSampleOverheadBits);
    }
    weight.bits_total = bits_in(rendition.cap_kbps * 1000LL, film_duration_us(plan));
    return weight;
}

Weight weight_of(const Plan& plan, const AudioRendition& rendition, const Measured* measured) {
    if (const auto* segments = measured_segments(plan, rendition.name, measured)) return weighed(*segments);
    // Our encoder keeps to its rate; somebody else's variable rate may double, but no frame exceeds 6144 bits a
    // channel.
    const std::int64_t frame_bits_max = 6144 * rendition.channels;
    const auto average_bits = scale(rendition.kbps * 1000LL, kAacFrameSamples, rendition.sample_rate, Rounding::up);
    const auto frame_bits =
        std::min<std::int64_t>(frame_bits_max, rendition.passthrough ? average_bits * 2 : average_bits * 5 / 4);
    Weight weight;
    for (std::int64_t k = 0; k < plan.grid.segments(); ++k) {
        const auto range = audio_segment(plan, rendition, k);
        weight.bits.push_back((range.end - range.first) * (frame_bits + kSampleOverheadBits) + kSegmentOverheadBits);
    }
    weight.bits_total =
        rendition.frames_total * (average_bits + kSampleOverheadBits) + plan.grid.segments() * kSegmentOverheadBits;
    return weight;
}

std::optional<Weight> picture_weight_of(const Plan& plan, const VideoRendition& rendition, const Measured* measured) {
    const auto* segments = measured_segments(plan, rendition.name, measured);
    if (segments == nullptr) return std::nullopt;
    Weight weight;
    for (const auto& segment : *segments) {
        if (segment.picture_bytes == 0) return std::nullopt;
        weight.bits.push_back(segment.picture_bytes * 8);
    }
    weight.bits_total = std::accumulate(weight.bits.begin(), weight.bits.end(), std::int64_t{0});
    return weight;
}

Weight operator+(const Weight& a, const Weight& b) {
    Weight sum = a;
    for (std::size_t k = 0; k < sum.bits.size() && k < b.bits.size(); ++k) sum.bits[k] += b.bits[k];
    sum.bits_total += b.bits_total;
    return sum;
}

Bandwidth bandwidth_of(const Plan& plan, const Weight& weight) {
    const auto durations = segment_durations_us(plan);
    const auto target_us = target_duration_seconds(plan) * kMicroseconds;
    const auto film_us = std::max<std::int64_t>(1, film_duration_us(plan));
    const auto rate = [](std::int64_t bits, std::int64_t us) { return scale(bits, kMicroseconds, us, Rounding::up); };
    Bandwidth bandwidth{.peak = 0, .average = rate(weight.bits_total, film_us)};
    for (std::size_t first = 0; first < durations.size(); ++first) {
        std::int64_t bits = 0;
        std::int64_t duration_us = 0;
        for (auto k = first; k < durations.size() && duration_us + durations[k] <= target_us * 3 / 2; ++k) {
            bits += weight.bits[k];
            duration_us += durations[k];
            if (duration_us * 2 >= target_us) bandwidth.peak = std::max(bandwidth.peak, rate(bits, duration_us));
        }
    }
    if (bandwidth.peak == 0)
        bandwidth.peak = rate(std::accumulate(weight.bits.begin(), weight.bits.end(), std::int64_t{0}), film_us);
    bandwidth.peak = std::max(bandwidth.peak, bandwidth.average);
    return bandwidth;
}

}  // namespace movio::media
