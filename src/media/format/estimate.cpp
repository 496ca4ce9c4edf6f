#include "media/format/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "media/format/source_rate.hpp"
#include "media/format/timeline.hpp"
#include "media/format/work_cost.hpp"

namespace movio::media {

namespace {

// Wall-clock, nanoseconds where nothing else is said. docs/performance.md says how these figures were measured.
constexpr double kBusyShare = 0.85;    // of the processors, while a film is made
constexpr double kPieceThreads = 1.6;  // processors that one piece of picture keeps busy
constexpr double kSteps = 30e6;        // plan and tasks, each with its commit
constexpr double kFinish = 50e6;       // verification and the last commit

// What CRF 23 gives an ordinary film: bytes of a picture of kUsualPixels, by pixels to the power of 3/4; less where its
// source has less.
constexpr double kUsualBytes = 2400;
constexpr double kUsualPixels = 640 * 360;
constexpr int kCrfUsual = 23;
constexpr double kCrfHalves = 6.0;  // so many steps of CRF halve the rate
constexpr double kCapSharpness = 6.0;

constexpr double kMoofBytes = 200;
constexpr double kFrameBytes = 6;  // one entry of trun

constexpr double kNanosecondsPerMs = 1e6;

double seconds_of(const Plan& plan) { return static_cast<double>(film_duration_us(plan)) / 1e6; }

double kbps_of(double bytes, const Plan& plan) { return bytes / 125.0 / seconds_of(plan); }

// The least of what CRF asks for, the cap allows and the source has, bent below the lowest rather than cut by it:
// quiet segments stay quiet.
double encoded_bytes(const Plan& plan, const VideoRendition& rung, const Track& picture) {
    const double pixels = static_cast<double>(rung.width) * rung.height;
    const double usual = kUsualBytes * static_cast<double>(pictures_shown(plan, *picture.video)) *
                         std::pow(pixels / kUsualPixels, 0.75) * std::exp2((kCrfUsual - rung.crf) / kCrfHalves);
    double sum = std::pow(kbps_of(usual, plan), -kCapSharpness) + std::pow(rung.cap_kbps, -kCapSharpness);
    if (const auto rate = source_rate(picture))
        sum += std::pow(scaled_kbps(*rate, {rung.width, rung.height}), -kCapSharpness);
    return std::pow(sum, -1.0 / kCapSharpness) * 125.0 * seconds_of(plan);
}

// Samples and what stands around them.
std::int64_t segment_bytes(const Plan& plan, double samples, std::int64_t frames) {
    return std::llround(samples + static_cast<double>(frames) * kFrameBytes +
                        static_cast<double>(plan.grid.segments()) * kMoofBytes);
}

std::vector<RenditionBytes> rendition_bytes(const Plan& plan) {
    std::vector<RenditionBytes> renditions;
    const auto* picture = plan.find_picture();
    for (const auto& rung : plan.video) {
        double samples = 0;
        if (picture != nullptr)
            samples = rung.passthrough ? static_cast<double>(picture->bytes) : encoded_bytes(plan, rung, *picture);
        renditions.push_back({rung.name, segment_bytes(plan, samples, plan.grid.frames_total())});
    }
    for (const auto& sound : plan.audio)
        renditions.push_back(
            {sound.name, segment_bytes(plan, sound.kbps * 125.0 * seconds_of(plan), sound.frames_total)});
    return renditions;
}

std::int64_t whole_ms(double nanoseconds) { return std::llround(nanoseconds / kNanosecondsPerMs); }

}  // namespace

std::int64_t Estimate::bytes() const {
    return std::accumulate(renditions.begin(), renditions.end(), std::int64_t{0},
                           [](std::int64_t sum, const RenditionBytes& one) { return sum + one.bytes; });
}

Estimate estimate(const Plan& plan, const MachineFigures& machine) {
    Estimate result;
    result.renditions = rendition_bytes(plan);
    const auto cost = work_cost(plan, result.renditions);
    result.cpu_ms = whole_ms(cost.total());

    const double processors = std::max(1, machine.processors);
    // The film begins with one process for its picture and one for its sound.
    const double beginning =
        std::max({(cost.first_picture + cost.first_sound) / (std::min(processors, kPieceThreads + 1) * kBusyShare),
                  cost.first_picture / std::min(processors, kPieceThreads), cost.first_sound});
    const double at_once = std::min(processors, kPieceThreads * std::max(1, machine.processes)) * kBusyShare;
    const double playable = cost.index_begin + kSteps + beginning;
    result.playable_ms = whole_ms(playable);
    result.complete_ms = whole_ms(playable + cost.others / at_once + cost.images + kFinish);
    return result;
}

void write_estimate(JsonWriter& writer, const Estimate& estimate) {
    writer.begin_object().member("playable_ms", estimate.playable_ms).member("complete_ms", estimate.complete_ms);
    writer.member("cpu_ms", estimate.cpu_ms).member("bytes", estimate.bytes()).key("renditions").begin_array();
    for (const auto& rendition : estimate.renditions)
        writer.begin_object().member("name", rendition.name).member("bytes", rendition.bytes).end_object();
    writer.end_array().end_object();
}

}  // namespace movio::media
