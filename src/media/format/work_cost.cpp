#include "media/format/work_cost.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/limits.hpp"
#include "media/format/pieces.hpp"
#include "media/format/sound.hpp"
#include "media/format/storyboard.hpp"

namespace movio::media {

namespace {

struct DecodeCost {
    std::string_view codec;
    double per_pixel;
};
constexpr DecodeCost kDecodeUsual{"", 3.0};
constexpr std::array kDecode{
    DecodeCost{"h264", 2.8}, DecodeCost{"hevc", 3.0},  DecodeCost{"vp9", 2.9},
    DecodeCost{"av1", 1.5},  DecodeCost{"mpeg4", 1.8}, DecodeCost{"mpeg2video", 0.5},
};
// Of x264, against veryfast; the others are rules of thumb.
struct PresetCost {
    std::string_view preset;
    double times;
};
constexpr std::array kPresets{
    PresetCost{"ultrafast", 0.45}, PresetCost{"superfast", 0.7}, PresetCost{"veryfast", 1.0}, PresetCost{"faster", 1.5},
    PresetCost{"fast", 1.9},       PresetCost{"medium", 2.3},    PresetCost{"slow", 3.8},
};
constexpr double kEncodePerPixel = 3.6;
constexpr double kEncodePerByte = 1820.0;  // that much moves, or is fine, is most of what encoding takes
constexpr double kScalePerSourcePixel = 1.95;
constexpr double kCopyPerByte = 5.0;
constexpr double kSoundPerSample = 194.0;  // decoded, filtered and encoded
constexpr double kLevelsPerSample = 10.0;  // decoded and measured
constexpr double kSoundPerFrame = 1000.0;  // passed through
constexpr double kIndexPerByte = 0.2;
constexpr double kIndexPerPacket = 1500.0;
constexpr double kIndexPerPixel = 40.0;  // a few frames are tried
constexpr double kPosterPerPixel = 22.0;
constexpr double kPreviewPicture = 12e6;
constexpr double kTile = 0.5e6;
constexpr double kProcess = 60e6;  // a media process that begins and ends
constexpr double kSoundPiece = 150e6;

double preset_times(std::string_view preset) {
    const auto found = std::ranges::find(kPresets, preset, &PresetCost::preset);
    return found == kPresets.end() ? 1.0 : found->times;
}

// What its picture takes of a film.
class PictureCost {
public:
    PictureCost(const Plan& plan, const Track& picture, const std::vector<RenditionBytes>& bytes);

    double index() const { return pixels_ * kIndexPerPixel; }
    double poster() const { return kProcess + pixels_ * kPosterPerPixel; }
    // The rungs [first_rung, end_rung) of the plan that are encoded, of segments [first, end).
    double piece(std::int64_t first, std::int64_t end, std::size_t first_rung, std::size_t end_rung) const;
    double copies(std::size_t rung) const;
    double images() const;

private:
    double run_up(std::int64_t frame) const;

    const Plan& plan_;
    const Track& picture_;
    const std::vector<RenditionBytes>& bytes_;
    double pixels_;       // of the source
    double decode_;       // of one of its pictures
    double each_frame_;   // its pictures for a frame of the grid, those that are dropped too
    double shown_share_;  // of the grid's frames; the others are repeats
};

PictureCost::PictureCost(const Plan& plan, const Track& picture, const std::vector<RenditionBytes>& bytes)
    : plan_(plan), picture_(picture), bytes_(bytes) {
    const auto& video = *picture.video;
    const auto frames = static_cast<double>(plan.grid.frames_total());
    const auto known = std::ranges::find(kDecode, picture.codec, &DecodeCost::codec);
    pixels_ = static_cast<double>(video.width) * video.height;
    decode_ = pixels_ * (known == kDecode.end() ? kDecodeUsual : *known).per_pixel;
    each_frame_ = static_cast<double>(video.frames) / frames;
    shown_share_ = static_cast<double>(pictures_shown(plan, video)) / frames;
}

// Pictures that are decoded from the keyframe before a frame of the grid on, for nothing but that frame.
double PictureCost::run_up(std::int64_t frame) const {
    const auto& keyframes = picture_.keyframes;
    const auto at = picture_.first_pts + latest_shown(frame, picture_.time_base, plan_.grid.frame_rate());
    const auto after = std::ranges::upper_bound(keyframes, at, {}, &Keyframe::pts);
    const auto from = after == keyframes.begin() ? picture_.first_pts : std::prev(after)->pts;
    const auto ticks = static_cast<double>(std::max<std::int64_t>(1, picture_.end_pts - picture_.first_pts));
    return static_cast<double>(std::max<std::int64_t>(0, at - from)) / ticks *
           static_cast<double>(picture_.video->frames);
}

double PictureCost::piece(std::int64_t first, std::int64_t end, std::size_t first_rung, std::size_t end_rung) const {
    const auto from = plan_.grid.segment(first).first_frame;
    const auto last = plan_.grid.segment(end - 1);
    const auto frames = static_cast<double>(last.first_frame + last.frames - from);
    double each = each_frame_ * decode_;
    for (auto i = first_rung; i < end_rung; ++i) {
        const auto& rung = plan_.video[i];
        if (rung.passthrough) continue;
        const auto made = static_cast<double>(bytes_[i].bytes) / static_cast<double>(plan_.grid.frames_total());
        each += (static_cast<double>(rung.width) * rung.height * kEncodePerPixel + made * kEncodePerByte) *
                preset_times(rung.preset);
        each += shown_share_ * pixels_ * kScalePerSourcePixel;
    }
    return kProcess + frames * each + (first == 0 ? 0 : run_up(from) * decode_);
}

double PictureCost::copies(std::size_t rung) const {
    const auto pieces = (plan_.grid.segments() + limits::kCopyTaskSegments - 1) / limits::kCopyTaskSegments;
    return static_cast<double>(pieces) * kProcess + static_cast<double>(bytes_[rung].bytes) * kCopyPerByte;
}

// Sheets and preview of what was seen, and a poster from somewhere. What nobody saw is decoded, a picture a tile.
double PictureCost::images() const {
    const auto board = storyboard_of(plan_);
    if (!board) return 0;
    const auto tiles = static_cast<double>(board->tiles);
    double run_ups = 0;
    for (std::int64_t tile = 0; tile < board->tiles; ++tile) run_ups += run_up(board->frame_of(tile));
    const double unseen =
        std::ranges::all_of(plan_.video, &VideoRendition::passthrough) ? kProcess + tiles * decode_ : 0;
    return unseen + poster() + run_ups / tiles * decode_ + kProcess + tiles * kTile +
           std::min(tiles, static_cast<double>(limits::kPreviewPicturesMax)) * kPreviewPicture;
}

double sound_piece_cost(const Plan& plan, const AudioRendition& sound, const SegmentRange& piece) {
    // The first block is encoded from its beginning for whoever has only its first segment.
    const auto from = sound.passthrough || piece.first > 1 ? piece.first : 0;
    const auto frames =
        static_cast<double>(audio_segment(plan, sound, piece.end - 1).end - audio_segment(plan, sound, from).first);
    const double samples = frames * static_cast<double>(kAacFrameSamples) * sound.channels;
    if (!sound.passthrough) return kSoundPiece + samples * kSoundPerSample;
    // The loudness of a film is that of its first track.
    const bool heard = &sound == &plan.audio.front();
    return kProcess + frames * kSoundPerFrame + (heard ? samples * kLevelsPerSample : 0);
}

void add_sound(const Plan& plan, WorkCost& cost) {
    for (const auto& sound : plan.audio) {
        for (std::int64_t first = 0; first < plan.grid.segments();) {
            const auto piece = sound_piece(plan, sound, first);
            const bool begins = first == 0 && &sound == &plan.audio.front();
            (begins ? cost.first_sound : cost.others) += sound_piece_cost(plan, sound, piece);
            first = piece.end;
        }
    }
}

void add_picture(const Plan& plan, const PictureCost& picture, WorkCost& cost) {
    const auto rungs = plan.video.size();
    const bool encodes = !std::ranges::all_of(plan.video, &VideoRendition::passthrough);
    for (std::int64_t first = 0; encodes && first < plan.grid.segments();) {
        const auto end = picture_piece_end(plan, first);
        const std::size_t lowest = first == 0 && makes_ahead(plan) ? 1 : 0;
        if (first == 0) cost.first_picture = picture.piece(first, end, 0, lowest == 0 ? rungs : lowest);
        if (first > 0 || lowest > 0) cost.others += picture.piece(first, end, lowest, rungs);
        first = end;
    }
    for (std::size_t i = 0; i < rungs; ++i) {
        if (!plan.video[i].passthrough) continue;
        // Its first segment is there as soon as the process is.
        if (!encodes) cost.first_picture = kProcess;
        cost.others += picture.copies(i) - (encodes ? 0 : kProcess);
    }
    cost.others += picture.poster();
    cost.images = picture.images();
}

}  // namespace

std::int64_t pictures_shown(const Plan& plan, const VideoInfo& video) {
    const auto total = plan.grid.frames_total();
    return std::clamp<std::int64_t>(std::min(video.frames, total - video.frames_repeated), 1, total);
}

WorkCost work_cost(const Plan& plan, const std::vector<RenditionBytes>& bytes) {
    WorkCost cost;
    double packets = 0;
    for (const auto& track : plan.index.tracks) packets += static_cast<double>(track.packets);
    cost.index_begin = kProcess;
    cost.index_rest = static_cast<double>(plan.index.source_bytes) * kIndexPerByte + packets * kIndexPerPacket;
    if (const auto* picture = plan.find_picture(); picture != nullptr && picture->video) {
        const PictureCost costs(plan, *picture, bytes);
        cost.index_begin += costs.index();
        add_picture(plan, costs, cost);
    }
    add_sound(plan, cost);
    return cost;
}

}  // namespace movio::media
