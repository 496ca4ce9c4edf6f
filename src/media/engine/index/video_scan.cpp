#include "media/engine/index/video_scan.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/limits.hpp"
#include "media/engine/av/clock.hpp"
#include "media/engine/av/decoders.hpp"
#include "media/engine/index/damaged_clock.hpp"
#include "media/engine/index/rotation.hpp"
#include "media/format/plan.hpp"

namespace movio::media {
namespace {

constexpr std::size_t kTrialFrames = 8;                 // enough to see whether pictures are interlaced
constexpr std::int64_t kFramesMax = 24LL * 3600 * 240;  // a day at 240 frames a second
constexpr std::int64_t kJumpBackUs = 10'000'000;        // reordering never reaches that far
constexpr int kJumpedPercentMax = 5;
constexpr std::int64_t kAspectMax = 10;

bool is_encrypted(const AVPacket& packet) {
    return av_packet_get_side_data(&packet, AV_PKT_DATA_ENCRYPTION_INFO, nullptr) != nullptr;
}

// Its colours (ICtCp) mean nothing without what the metadata says of each frame.
bool is_dolby_vision_5(const AVStream& stream) {
    const auto* data = av::stream_side_data(stream, AV_PKT_DATA_DOVI_CONF, sizeof(AVDOVIDecoderConfigurationRecord));
    return data != nullptr && reinterpret_cast<const AVDOVIDecoderConfigurationRecord*>(data)->dv_profile == 5;
}

}  // namespace

VideoScan::VideoScan(AVFormatContext& container, AVStream& stream, DecodeTrial trial)
    : container_(&container),
      stream_(&stream),
      time_base_(av::from_av(stream.time_base)),
      trial_(std::move(trial)),
      avc_(stream) {}

MediaResult<VideoScan> VideoScan::open(AVFormatContext& container, AVStream& stream) {
    const auto& parameters = *stream.codecpar;
    const auto pixels = static_cast<std::int64_t>(parameters.width) * parameters.height;
    if (pixels > limits::kPixelsMax) {
        return bad_media(MediaStage::index, ErrorCode::too_large,
                         "The picture is " + std::to_string(parameters.width) + " x " +
                             std::to_string(parameters.height) + " pixels, more than Movio takes. Scale it down.");
    }
    if (is_dolby_vision_5(stream)) {
        return bad_media(MediaStage::index, ErrorCode::codec_unsupported,
                         "Dolby Vision of profile 5 has no picture for ordinary screens. Convert it to HDR10 or SDR.");
    }
    auto trial = DecodeTrial::open(stream, kTrialFrames);
    if (!trial) return std::unexpected(trial.error());
    return VideoScan(container, stream, *std::move(trial));
}

std::int64_t VideoScan::repaired_time(const AVPacket& packet) {
    if (const auto pts = av::usable_time(packet.pts)) return *pts;
    if (const auto dts = av::usable_time(packet.dts)) return *dts;
    return latest_ == INT64_MIN ? 0 : latest_ + std::max<std::int64_t>(latest_duration_, 1);
}

// VP8 (RFC 6386 §9.1) has frames that are only referred to; two fields of one picture may be two packets.
bool VideoScan::shows_picture(const AVPacket& packet) {
    if ((packet.flags & AV_PKT_FLAG_DISCARD) != 0) return false;
    if (stream_->codecpar->codec_id == AV_CODEC_ID_VP8 && packet.size > 0) return (packet.data[0] & 0x10) != 0;
    const AVCodecParserContext* parser = av_stream_get_parser(stream_);
    const bool field = parser != nullptr && (parser->picture_structure == AV_PICTURE_STRUCTURE_TOP_FIELD ||
                                             parser->picture_structure == AV_PICTURE_STRUCTURE_BOTTOM_FIELD);
    first_field_seen_ = field && !first_field_seen_;
    return !field || first_field_seen_;
}

void VideoScan::add_keyframe(std::int64_t time, const AVPacket& packet) {
    if (!first_key_) {
        first_key_ = time;
        times_.clear();  // nothing before it can be decoded
        latest_ = INT64_MIN;
    }
    if (!keyframes_.empty() && av::to_microseconds(time - keyframes_.back().pts, time_base_) < 1'000'000) return;
    keyframes_.push_back({time, av::usable_time(packet.dts).value_or(time), packet.pos});
}

// Where no packet is marked as a keyframe, decoding begins with the first one. Once one is, what was decoded before it
// does not count.
MediaResult<void> VideoScan::try_to_decode(const AVPacket& packet) {
    if (first_key_ && tried_before_key_) {
        auto again = DecodeTrial::open(*stream_, kTrialFrames);
        if (!again) return std::unexpected(again.error());
        trial_ = *std::move(again);
    }
    tried_before_key_ = !first_key_;
    trial_.add(packet);
    return {};
}

MediaResult<void> VideoScan::add(const AVPacket& packet) {
    ++packets_;
    bytes_ += packet.size;
    if (is_encrypted(packet)) {
        return bad_media(MediaStage::index, ErrorCode::encrypted,
                         "The picture is encrypted. Upload a copy without protection.");
    }
    if (packets_ > kFramesMax) {
        return bad_media(MediaStage::index, ErrorCode::too_long,
                         "The film holds more frames than a day has. Cut it into parts.");
    }
    const auto time = repaired_time(packet);
    const auto dts = av::usable_time(packet.dts).value_or(time);
    if (last_dts_ && av::to_microseconds(*last_dts_ - dts, time_base_) > kJumpBackUs) {
        ++jumped_back_;
        avc_.refuse("Its clock jumps back.");
        return {};
    }
    last_dts_ = dts;
    avc_.add(packet);
    if ((packet.flags & AV_PKT_FLAG_KEY) != 0) add_keyframe(time, packet);
    if (auto tried = try_to_decode(packet); !tried) return tried;
    if (!shows_picture(packet) || (first_key_ && time < *first_key_)) return {};
    times_.push_back(time);
    if (time >= latest_) {
        latest_ = time;
        latest_duration_ = packet.duration;
    }
    return {};
}

MediaResult<void> VideoScan::check_gaps() const {
    for (std::size_t i = 1; i < times_.size(); ++i) {
        if (av::to_microseconds(times_[i] - times_[i - 1], time_base_) <= limits::kGapSecondsMax * 1'000'000) continue;
        return damaged_clock();
    }
    return {};
}

void VideoScan::describe(Track& track) const {
    const auto& parameters = *stream_->codecpar;
    auto& video = track.video.emplace();
    const AVFrame& frame = *trial_.frames().front();
    video.width = frame.width;
    video.height = frame.height;
    auto aspect = av::from_av(av_guess_sample_aspect_ratio(container_, stream_, nullptr));
    if (aspect.positive() && aspect.num <= aspect.den * kAspectMax && aspect.den <= aspect.num * kAspectMax) {
        video.sample_aspect = reduced(aspect);
    }
    const auto upright = read_rotation(*stream_);
    video.rotation = upright.clockwise;
    video.mirrored = upright.mirrored;
    const AVPixFmtDescriptor* pixels = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    if (pixels != nullptr) video.bit_depth = pixels->comp[0].depth;
    const auto known = [](int seen, int said) { return seen == 2 || seen == 0 ? said : seen; };
    video.colour.primaries = known(frame.color_primaries, parameters.color_primaries);
    video.colour.transfer = known(frame.color_trc, parameters.color_trc);
    video.colour.matrix = known(frame.colorspace, parameters.color_space);
    video.colour.full_range = frame.color_range == AVCOL_RANGE_JPEG || parameters.color_range == AVCOL_RANGE_JPEG;
    // The decoded pictures are asked first; the container's claim counts only where it is all there is.
    const auto fields =
        std::ranges::count_if(trial_.frames(), [](const auto& shown) { return av::is_interlaced(*shown); });
    video.interlaced = fields * 2 > static_cast<std::ptrdiff_t>(trial_.frames().size());
}

MediaResult<void> VideoScan::finish(Track& track, std::vector<std::string>& warnings) {
    trial_.finish();
    if (times_.empty() || trial_.frames().empty()) {
        return bad_media(MediaStage::index, ErrorCode::damaged,
                         "No frame of the picture (" + av::codec_title(stream_->codecpar->codec_id) +
                             ") can be decoded. The file is damaged.");
    }
    if (jumped_back_ * 100 > packets_ * kJumpedPercentMax) {
        return bad_media(
            MediaStage::index, ErrorCode::damaged,
            "The film's clock jumps back: it is several recordings in one file. Join them with a tool that renews the times.");
    }
    if (jumped_back_ > 0)
        warnings.push_back("The picture's clock jumps back; " + std::to_string(jumped_back_) +
                           " packets are left out.");
    std::ranges::sort(times_);
    times_.erase(std::ranges::unique(times_).begin(), times_.end());
    if (auto steady = check_gaps(); !steady) return steady;
    if (keyframes_.empty()) keyframes_.push_back({times_.front(), times_.front(), -1});
    describe(track);
    auto& video = *track.video;
    const auto choice = choose_frame_rate(times_, time_base_);
    video.frame_rate = choice.rate;
    video.frames = static_cast<std::int64_t>(times_.size());
    video.frames_dropped = choice.dropped;
    video.frames_repeated = choice.repeated;
    avc_.finish(video, times_, time_base_);
    const bool lasts =
        latest_duration_ > 0 && av::to_microseconds(latest_duration_, time_base_) <= limits::kGapSecondsMax * 1'000'000;
    const auto nominal = scale(choice.rate.den * time_base_.den, 1, choice.rate.num * time_base_.num);
    track.first_pts = times_.front();
    track.end_pts = times_.back() + (lasts ? latest_duration_ : std::max<std::int64_t>(nominal, 1));
    track.packets = packets_;
    track.bytes = bytes_;
    track.keyframes = std::move(keyframes_);
    return {};
}

}  // namespace movio::media
