#include "media/engine/index/audio_scan.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>

#include "base/limits.hpp"
#include "media/engine/av/clock.hpp"
#include "media/engine/av/decoders.hpp"
#include "media/format/hex.hpp"

namespace movio::media {
namespace {

constexpr std::size_t kTrialFrames = 1;
constexpr int kAacFrameSamples = 1024;
constexpr int kDolbyPacketSamples = 1536;
constexpr int kRoundedSamplesMax = 16;  // a third of a millisecond; what adds up shows in the end of the track

// The fixed header of ADTS (ISO/IEC 14496-3 §1.A.3.2) as an AudioSpecificConfig.
std::optional<unsigned> config_of_adts(const AVPacket& packet) {
    if (packet.size < 7 || packet.data[0] != 0xFF || (packet.data[1] & 0xF6) != 0xF0) return std::nullopt;
    const unsigned object = (packet.data[2] >> 6U) + 1U;
    const unsigned rate = (packet.data[2] >> 2U) & 0xFU;
    const unsigned channels = ((packet.data[2] & 1U) << 2U) | (packet.data[3] >> 6U);
    return object << 11U | rate << 7U | channels << 3U;
}

// AV_PKT_DATA_SKIP_SAMPLES: samples to skip at the start, 32 bits, little endian.
std::int64_t skipped_samples(const AVPacket& packet) {
    std::size_t size = 0;
    const auto* data = av_packet_get_side_data(&packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
    if (data == nullptr || size < 4) return 0;
    return static_cast<std::int64_t>(data[0] | unsigned{data[1]} << 8U | unsigned{data[2]} << 16U |
                                     unsigned{data[3]} << 24U);
}

}  // namespace

AudioScan::AudioScan(const AVStream& stream, DecodeTrial trial)
    : stream_(&stream), time_base_(av::from_av(stream.time_base)), trial_(std::move(trial)) {}

MediaResult<AudioScan> AudioScan::open(const AVStream& stream) {
    auto trial = DecodeTrial::open(stream, kTrialFrames);
    if (!trial) return std::unexpected(trial.error());
    return AudioScan(stream, *std::move(trial));
}

// An AAC frame lasts 1024 samples; containers round that, each to its own clock.
void AudioScan::measure_distance(std::int64_t time) {
    gap_max_ = std::max(gap_max_, time - end_);
    const auto hole = av::to_ticks(limits::kGapSecondsMax * 1'000'000, time_base_);
    if (time - end_ > hole) resumed_ = std::max(resumed_.value_or(time), time);
    const std::int64_t rate = stream_->codecpar->sample_rate;
    if (rate <= 0) return;
    const auto down =
        scale(kAacFrameSamples - kRoundedSamplesMax, time_base_.den, time_base_.num * rate, Rounding::down);
    const auto up = scale(kAacFrameSamples + kRoundedSamplesMax, time_base_.den, time_base_.num * rate, Rounding::up);
    if (time - previous_ < down || time - previous_ > up) ++irregular_;
}

// Passed through, sound has one configuration from its beginning to its end.
bool AudioScan::changes_configuration(const AVPacket& packet) const {
    if (adts_config_ && config_of_adts(packet) != adts_config_) return true;
    std::size_t size = 0;
    const auto* data = av_packet_get_side_data(&packet, AV_PKT_DATA_NEW_EXTRADATA, &size);
    if (data == nullptr) return false;
    const auto& parameters = *stream_->codecpar;
    return !std::ranges::equal(std::span(data, size),
                               std::span(parameters.extradata, static_cast<std::size_t>(parameters.extradata_size)));
}

// A packet of Dolby Digital holds six blocks of 256 samples; some files state the length of one block. A packet that
// is said to last minutes does not.
std::int64_t AudioScan::lasting(const AVPacket& packet) const {
    const auto most = av::to_ticks(limits::kGapSecondsMax * 1'000'000, time_base_);
    const auto stated = packet.duration > 0 && packet.duration <= most ? packet.duration : 0;
    const auto& parameters = *stream_->codecpar;
    const bool dolby = parameters.codec_id == AV_CODEC_ID_AC3 || parameters.codec_id == AV_CODEC_ID_EAC3;
    if (!dolby || parameters.sample_rate <= 0) return stated;
    return std::max(stated, scale(kDolbyPacketSamples, time_base_.den, time_base_.num * parameters.sample_rate));
}

MediaResult<void> AudioScan::add(const AVPacket& packet) {
    if (av_packet_get_side_data(&packet, AV_PKT_DATA_ENCRYPTION_INFO, nullptr) != nullptr) {
        return bad_media(MediaStage::index, ErrorCode::encrypted,
                         "The sound is encrypted. Upload a copy without protection.");
    }
    const auto pts = av::usable_time(packet.pts);
    const auto time = pts ? *pts : av::usable_time(packet.dts).value_or(end_);
    if (first_) {
        measure_distance(time);
    } else {
        first_ = time;
        if (stream_->codecpar->extradata_size == 0) adts_config_ = config_of_adts(packet);
    }
    if (changes_configuration(packet)) ++irregular_;
    if (!first_heard_ && (packet.flags & AV_PKT_FLAG_DISCARD) == 0 && stream_->codecpar->sample_rate > 0) {
        first_heard_ =
            time + scale(skipped_samples(packet), time_base_.den, time_base_.num * stream_->codecpar->sample_rate);
    }
    trial_.add(packet);
    ++packets_;
    bytes_ += packet.size;
    previous_ = time;
    const auto end = time + lasting(packet);
    end_ = packets_ == 1 ? end : std::max(end_, end);
    return {};
}

MediaResult<void> AudioScan::finish(Track& track) {
    trial_.finish();
    if (!first_ || trial_.frames().empty()) {
        return bad_media(MediaStage::index, ErrorCode::damaged,
                         "No sound of stream " + std::to_string(stream_->index) + " (" +
                             av::codec_title(stream_->codecpar->codec_id) + ") can be decoded.");
    }
    const AVFrame& frame = *trial_.frames().front();
    const auto& parameters = *stream_->codecpar;
    auto& audio = track.audio.emplace();
    audio.sample_rate = frame.sample_rate;
    audio.channels = frame.ch_layout.nb_channels;
    if (parameters.extradata_size > 0 && parameters.extradata_size <= 1024) {
        audio.codec_config = to_hex({reinterpret_cast<const std::byte*>(parameters.extradata),
                                     static_cast<std::size_t>(parameters.extradata_size)});
    } else if (adts_config_) {
        const std::array bytes{static_cast<std::byte>(*adts_config_ >> 8U),
                               static_cast<std::byte>(*adts_config_ & 0xFFU)};
        audio.codec_config = to_hex(bytes);
    }
    // Spectral band replication doubles the frame; then it is not plain LC, whatever the header says.
    audio.aac_lc = parameters.codec_id == AV_CODEC_ID_AAC && parameters.profile == av::kProfileAacLow &&
                   frame.nb_samples == kAacFrameSamples && frame.sample_rate == parameters.sample_rate;
    const auto lasting_us = av::to_microseconds(end_ - *first_, time_base_);
    if (lasting_us > 0)
        audio.bit_rate = static_cast<int>(std::min<std::int64_t>(scale(bytes_, 8'000'000, lasting_us), INT32_MAX));
    audio.gap_max = gap_max_;
    audio.frame_ticks_irregular = parameters.codec_id == AV_CODEC_ID_AAC ? irregular_ : 0;
    track.first_pts = *first_;
    track.end_pts = end_;
    track.packets = packets_;
    track.bytes = bytes_;
    return {};
}

}  // namespace movio::media
