#include "media/format/estimate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>

#include "base/limits.hpp"
#include "media/format/sound.hpp"
#include "media/format/source_rate.hpp"
#include "media/format/timeline.hpp"

namespace movio::media {

namespace {

// The model's figures, by `bench/plan.py --calibrate`: nanoseconds of one processor where nothing else is said.
struct DecodeCost {
    std::string_view codec;
    double per_pixel;
    double per_byte;
};
constexpr DecodeCost kDecodeUsual{"", 4.0, 20.0};
constexpr std::array kDecode{
    DecodeCost{"h264", 2.5, 40.0}, DecodeCost{"hevc", 4.0, 60.0},       DecodeCost{"vp9", 3.0, 40.0},
    DecodeCost{"av1", 5.0, 60.0},  DecodeCost{"mpeg2video", 2.0, 15.0},
};
// Of x264, against veryfast.
struct PresetCost {
    std::string_view preset;
    double times;
};
constexpr std::array kPresets{
    PresetCost{"ultrafast", 0.45}, PresetCost{"superfast", 0.7}, PresetCost{"veryfast", 1.0}, PresetCost{"faster", 1.5},
    PresetCost{"fast", 1.9},       PresetCost{"medium", 2.3},    PresetCost{"slow", 3.8},
};
constexpr double kEncodePerPixel = 13.0;
constexpr double kEncodePerByte = 60.0;
constexpr double kScalePerSourcePixel = 1.0;
constexpr double kSoundPerSample = 60.0;   // decoded, filtered and encoded
constexpr double kSoundPerFrame = 3000.0;  // passed through
constexpr double kIndexPerByte = 0.3;
constexpr double kIndexPerPacket = 1500.0;
constexpr double kProcess = 40e6;  // a media process that begins and ends
constexpr double kPoster = 30e6;

// Wall-clock.
constexpr double kBusyShare = 0.9;        // of the processors, while a film is made
constexpr double kPieceThreads = 1.5;     // processors that one piece of video keeps busy
constexpr double kFinish = 50e6;          // verification and the last commit
constexpr double kStorePerSegment = 2e6;  // hashing, syncs, the commit

// A film encoded at CRF 23 takes this share of what its source spends, worth and pixels counted.
constexpr double kOwnShare = 0.5;
constexpr int kCrfUsual = 23;
constexpr double kCrfHalves = 6.0;  // so many steps of CRF halve the rate
constexpr double kCapSharpness = 3.0;

constexpr double kNanosecondsPerMs = 1e6;

struct Piece {
    std::int64_t frames = 0;
    double cpu = 0;
};

const Track* track_of(const Plan& plan, int stream) {
    const auto found = std::ranges::find(plan.index.tracks, stream, &Track::stream);
    return found == plan.index.tracks.end() ? nullptr : &*found;
}

double preset_times(std::string_view preset) {
    const auto found = std::ranges::find(kPresets, preset, &PresetCost::preset);
    return found == kPresets.end() ? 1.0 : found->times;
}

double pixels_of(const VideoRendition& rung) { return static_cast<double>(rung.width) * rung.height; }

// The rate falls with CRF and bends below the cap rather than being cut by it: quiet segments stay quiet.
double rung_bytes(const Plan& plan, const VideoRendition& rung, const Track& picture) {
    const double seconds = static_cast<double>(film_duration_us(plan)) / 1e6;
    const double cap = rung.cap_kbps * 125.0;
    const auto rate = source_rate(picture);
    if (!rate) return cap * seconds;
    const double own = scaled_kbps(*rate, {rung.width, rung.height}) * 125.0 * kOwnShare *
                       std::exp2((kCrfUsual - rung.crf) / kCrfHalves);
    const double both = std::pow(std::pow(own, -kCapSharpness) + std::pow(cap, -kCapSharpness), -1.0 / kCapSharpness);
    return both * seconds;
}

double sound_bytes(const Plan& plan, const AudioRendition& sound) {
    constexpr double kMoofBytes = 200;
    constexpr double kFrameBytes = 4;  // one entry of trun
    const double seconds = static_cast<double>(film_duration_us(plan)) / 1e6;
    return sound.kbps * 125.0 * seconds + static_cast<double>(sound.frames_total) * kFrameBytes +
           static_cast<double>(plan.grid.segments()) * kMoofBytes;
}

// Nanoseconds to make one frame of every rung, its decoding apart.
double encode_frame(const Plan& plan, const Estimate& estimate, double source_pixels) {
    double cost = 0;
    for (std::size_t i = 0; i < plan.video.size(); ++i) {
        const auto& rung = plan.video[i];
        const double bytes =
            static_cast<double>(estimate.renditions[i].bytes) / static_cast<double>(plan.grid.frames_total());
        cost += (pixels_of(rung) * kEncodePerPixel + bytes * kEncodePerByte) * preset_times(rung.preset);
        cost += source_pixels * kScalePerSourcePixel;
    }
    return cost;
}

// The pieces that a film is cut into, the first one short: as processing/task_plan cuts them.
std::vector<Piece> video_pieces(const Plan& plan, const Estimate& estimate) {
    std::vector<Piece> pieces;
    const auto* picture = plan.video_stream ? track_of(plan, *plan.video_stream) : nullptr;
    if (picture == nullptr || !picture->video) return pieces;
    const auto& video = *picture->video;
    const auto usual = std::ranges::find(kDecode, picture->codec, &DecodeCost::codec);
    const auto& decode = usual == kDecode.end() ? kDecodeUsual : *usual;
    const double source_pixels = static_cast<double>(video.width) * video.height;
    const double source_frames = static_cast<double>(std::max<std::int64_t>(1, video.frames));
    const double decode_frame =
        source_pixels * decode.per_pixel + static_cast<double>(picture->bytes) / source_frames * decode.per_byte;
    const double per_shown = source_frames / static_cast<double>(plan.grid.frames_total());
    // Each piece but the first decodes from the keyframe before it.
    const double run_up = source_frames / static_cast<double>(std::max<std::size_t>(1, picture->keyframes.size())) / 2;
    const double encode = encode_frame(plan, estimate, source_pixels);
    for (std::int64_t first = 0; first < plan.grid.segments();) {
        const auto length = first == 0 ? 1 : std::min<std::int64_t>(limits::kVideoTaskSegments, first * 2);
        const auto end = std::min(plan.grid.segments(), first + length);
        Piece piece;
        for (auto k = first; k < end; ++k) piece.frames += plan.grid.segment(k).frames;
        const auto frames = static_cast<double>(piece.frames);
        piece.cpu = kProcess + frames * (encode + decode_frame * per_shown) + (first == 0 ? 0 : run_up * decode_frame);
        pieces.push_back(piece);
        first = end;
    }
    return pieces;
}

// Of each block of one rendition.
std::vector<Piece> sound_pieces(const Plan& plan, const AudioRendition& sound) {
    std::vector<Piece> pieces;
    for (std::int64_t first = 0; first < plan.grid.segments(); first += limits::kAudioBlockSegments) {
        const auto last = std::min<std::int64_t>(plan.grid.segments(), first + limits::kAudioBlockSegments) - 1;
        const auto frames = audio_segment(plan, sound, last).end - audio_segment(plan, sound, first).first;
        const double samples = static_cast<double>(frames) * kAacFrameSamples * sound.channels;
        const double work =
            sound.passthrough ? static_cast<double>(frames) * kSoundPerFrame : samples * kSoundPerSample;
        pieces.push_back({frames, kProcess + work});
    }
    return pieces;
}

double total(const std::vector<Piece>& pieces) {
    return std::accumulate(pieces.begin(), pieces.end(), 0.0, [](double sum, const Piece& p) { return sum + p.cpu; });
}

double index_cpu(const Plan& plan) {
    double packets = 0;
    for (const auto& track : plan.index.tracks) packets += static_cast<double>(track.packets);
    return kProcess + static_cast<double>(plan.index.source_bytes) * kIndexPerByte + packets * kIndexPerPacket;
}

std::int64_t whole_ms(double nanoseconds) { return std::llround(nanoseconds / kNanosecondsPerMs); }

}  // namespace

std::int64_t Estimate::bytes() const {
    return std::accumulate(renditions.begin(), renditions.end(), std::int64_t{0},
                           [](std::int64_t sum, const RenditionBytes& one) { return sum + one.bytes; });
}

Estimate estimate(const Plan& plan, const MachineFigures& machine) {
    Estimate result;
    const auto* picture = plan.video_stream ? track_of(plan, *plan.video_stream) : nullptr;
    for (const auto& rung : plan.video)
        result.renditions.push_back(
            {rung.name, picture == nullptr ? 0 : std::llround(rung_bytes(plan, rung, *picture))});
    for (const auto& sound : plan.audio)
        result.renditions.push_back({sound.name, std::llround(sound_bytes(plan, sound))});

    const double index = index_cpu(plan);
    const auto video = video_pieces(plan, result);
    const double first_video = video.empty() ? 0 : video.front().cpu;
    double sound = 0;
    double first_sound = 0;
    for (const auto& rendition : plan.audio) {
        const auto pieces = sound_pieces(plan, rendition);
        sound += total(pieces);
        if (&rendition == &plan.audio.front()) first_sound = pieces.front().cpu;
    }
    const double poster = plan.has_video() ? kProcess + kPoster : 0;
    const double work = total(video) + sound + poster;
    result.cpu_ms = whole_ms(index + work);

    const double processors = std::max(1, machine.processors);
    const double at_once = std::min(processors, kPieceThreads * std::max(1, machine.processes)) * kBusyShare;
    const double piece_at_once = std::min(processors, kPieceThreads) * kBusyShare;
    const double beginning =
        std::max({(first_video + first_sound) / at_once, first_video / piece_at_once, first_sound});
    const double segments = static_cast<double>(plan.grid.segments()) * static_cast<double>(result.renditions.size());
    result.playable_ms = whole_ms(index + beginning);
    result.complete_ms = std::max(result.playable_ms + whole_ms(kFinish),
                                  whole_ms(index + work / at_once + segments * kStorePerSegment + kFinish));
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
