#include "media/format/estimate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>

#include "media/format/pieces.hpp"
#include "media/format/sound.hpp"
#include "media/format/source_rate.hpp"
#include "media/format/timeline.hpp"

namespace movio::media {

namespace {

// The model's figures, nanoseconds of one processor where nothing else is said. docs/performance.md says which were
// fitted to the processor time of tasks (`bench/plan.py --calibrate`) and which are guesses.
struct DecodeCost {
    std::string_view codec;
    double per_pixel;
};
constexpr DecodeCost kDecodeUsual{"", 4.0};
constexpr std::array kDecode{
    DecodeCost{"h264", 2.1}, DecodeCost{"hevc", 3.8}, DecodeCost{"vp9", 4.8},
    DecodeCost{"av1", 3.9},  DecodeCost{"vp8", 3.0},  DecodeCost{"mpeg2video", 0.0},  // its bytes cost it all
};
constexpr double kDecodePerByte = 106.0;
// Of x264, against veryfast; the others are rules of thumb.
struct PresetCost {
    std::string_view preset;
    double times;
};
constexpr std::array kPresets{
    PresetCost{"ultrafast", 0.45}, PresetCost{"superfast", 0.7}, PresetCost{"veryfast", 1.0}, PresetCost{"faster", 1.5},
    PresetCost{"fast", 1.9},       PresetCost{"medium", 2.3},    PresetCost{"slow", 3.8},
};
constexpr double kEncodePerPixel = 9.8;
constexpr double kEncodePerByte = 184.0;
constexpr double kScalePerSourcePixel = 1.4;
constexpr double kSoundPerSample = 115.0;  // decoded, filtered and encoded
constexpr double kSoundPerFrame = 3000.0;  // passed through
constexpr double kIndexPerByte = 0.3;
constexpr double kIndexPerPacket = 1500.0;
constexpr double kIndexPerPixel = 40.0;  // a few frames are tried
constexpr double kPosterPerPixel = 100.0;
constexpr double kProcess = 45e6;        // a media process that begins and ends
constexpr double kPicturePiece = 157e6;  // one with its encoders
constexpr double kSoundPiece = 200e6;

// Wall-clock.
constexpr double kBusyShare = 0.8;        // of the processors, while a film is made
constexpr double kPieceThreads = 1.5;     // processors that one piece of video keeps busy
constexpr double kFinish = 50e6;          // verification and the last commit
constexpr double kStorePerSegment = 2e6;  // hashing, syncs, the commit

// What CRF 23 gives an ordinary film of kUsualPixels, by pixels to the power of 3/4; less where its source has less.
constexpr double kUsualKbps = 550;
constexpr double kUsualPixels = 640 * 360;
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

double source_pixels(const Track& picture) {
    return picture.video ? static_cast<double>(picture.video->width) * picture.video->height : 0;
}

double pixels_of(const VideoRendition& rung) { return static_cast<double>(rung.width) * rung.height; }

// The least of what CRF asks for, the cap allows and the source has, bent below the lowest rather than cut by it:
// quiet segments stay quiet.
double rung_bytes(const Plan& plan, const VideoRendition& rung, const Track& picture) {
    const double seconds = static_cast<double>(film_duration_us(plan)) / 1e6;
    const double usual =
        kUsualKbps * std::pow(pixels_of(rung) / kUsualPixels, 0.75) * std::exp2((kCrfUsual - rung.crf) / kCrfHalves);
    double sum = std::pow(usual, -kCapSharpness) + std::pow(rung.cap_kbps, -kCapSharpness);
    if (const auto rate = source_rate(picture))
        sum += std::pow(scaled_kbps(*rate, {rung.width, rung.height}), -kCapSharpness);
    return std::pow(sum, -1.0 / kCapSharpness) * 125.0 * seconds;
}

double sound_bytes(const Plan& plan, const AudioRendition& sound) {
    constexpr double kMoofBytes = 200;
    constexpr double kFrameBytes = 4;  // one entry of trun
    const double seconds = static_cast<double>(film_duration_us(plan)) / 1e6;
    return sound.kbps * 125.0 * seconds + static_cast<double>(sound.frames_total) * kFrameBytes +
           static_cast<double>(plan.grid.segments()) * kMoofBytes;
}

// Nanoseconds to make one frame of every rung, its decoding apart.
double encode_frame(const Plan& plan, const Estimate& estimate, double pixels) {
    double cost = 0;
    for (std::size_t i = 0; i < plan.video.size(); ++i) {
        const auto& rung = plan.video[i];
        const double bytes =
            static_cast<double>(estimate.renditions[i].bytes) / static_cast<double>(plan.grid.frames_total());
        cost += (pixels_of(rung) * kEncodePerPixel + bytes * kEncodePerByte) * preset_times(rung.preset);
        cost += pixels * kScalePerSourcePixel;
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
    const double pixels = source_pixels(*picture);
    const double source_frames = static_cast<double>(std::max<std::int64_t>(1, video.frames));
    const double decode_frame =
        pixels * decode.per_pixel + static_cast<double>(picture->bytes) / source_frames * kDecodePerByte;
    const double per_shown = source_frames / static_cast<double>(plan.grid.frames_total());
    // Each piece but the first decodes from the keyframe before it.
    const double run_up = source_frames / static_cast<double>(std::max<std::size_t>(1, picture->keyframes.size())) / 2;
    const double encode = encode_frame(plan, estimate, pixels);
    for (std::int64_t first = 0; first < plan.grid.segments();) {
        const auto end = picture_piece_end(plan, first);
        Piece piece;
        for (auto k = first; k < end; ++k) piece.frames += plan.grid.segment(k).frames;
        const auto frames = static_cast<double>(piece.frames);
        piece.cpu =
            kPicturePiece + frames * (encode + decode_frame * per_shown) + (first == 0 ? 0 : run_up * decode_frame);
        pieces.push_back(piece);
        first = end;
    }
    return pieces;
}

// Of one rendition.
std::vector<Piece> sound_pieces(const Plan& plan, const AudioRendition& sound) {
    std::vector<Piece> pieces;
    for (std::int64_t first = 0; first < plan.grid.segments();) {
        const auto last = sound_piece(plan, sound, first).end - 1;
        const auto frames = audio_segment(plan, sound, last).end - audio_segment(plan, sound, first).first;
        const double samples = static_cast<double>(frames) * kAacFrameSamples * sound.channels;
        const double work =
            sound.passthrough ? static_cast<double>(frames) * kSoundPerFrame : samples * kSoundPerSample;
        pieces.push_back({frames, (sound.passthrough ? kProcess : kSoundPiece) + work});
        first = last + 1;
    }
    return pieces;
}

double total(const std::vector<Piece>& pieces) {
    return std::accumulate(pieces.begin(), pieces.end(), 0.0, [](double sum, const Piece& p) { return sum + p.cpu; });
}

double index_cpu(const Plan& plan) {
    double packets = 0;
    const auto* picture = plan.video_stream ? track_of(plan, *plan.video_stream) : nullptr;
    for (const auto& track : plan.index.tracks) packets += static_cast<double>(track.packets);
    const double trial = picture == nullptr ? 0 : source_pixels(*picture) * kIndexPerPixel;
    return kProcess + trial + static_cast<double>(plan.index.source_bytes) * kIndexPerByte + packets * kIndexPerPacket;
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
    const double poster = picture == nullptr ? 0 : kProcess + source_pixels(*picture) * kPosterPerPixel;
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
