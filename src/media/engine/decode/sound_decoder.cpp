#include "media/engine/decode/sound_decoder.hpp"

#include <algorithm>

#include "media/engine/av/clock.hpp"
#include "media/engine/av/decoders.hpp"
#include "media/engine/av/report.hpp"

namespace movio::media {
namespace {

// A downmix may add up to this before it is turned down: all channels at full scale at once hardly occur.
constexpr double kMixSumMax = 1.4142;
constexpr double kCentreAndSurroundLevel = 0.7071;
constexpr std::int64_t kWarmUpMs = 500;

// Samples that the length of every packet of a codec is a multiple of; 1 where that is unknown.
std::int64_t packet_lattice(AVCodecID codec) {
    switch (codec) {
        case AV_CODEC_ID_AAC:
        case AV_CODEC_ID_AAC_LATM: return 1024;
        case AV_CODEC_ID_MP3: return 576;
        case AV_CODEC_ID_MP2: return 1152;
        case AV_CODEC_ID_AC3:
        case AV_CODEC_ID_EAC3: return 256;
        case AV_CODEC_ID_OPUS: return 120;
        case AV_CODEC_ID_VORBIS: return 64;
        case AV_CODEC_ID_DTS: return 512;
        default: return 1;
    }
}

std::unexpected<MediaError> cannot(int av_error) {
    return av::failed(MediaStage::decode, ErrorCode::internal, "The sound cannot be mixed.", av_error);
}

// Channels without a stated order are taken in the usual order for their number.
void usual_layout(AVChannelLayout& target, const AVChannelLayout& source) {
    if (source.order == AV_CHANNEL_ORDER_UNSPEC || av_channel_layout_check(&source) == 0) {
        av_channel_layout_default(&target, source.nb_channels);
        if (target.order != AV_CHANNEL_ORDER_UNSPEC) return;
        av_channel_layout_default(&target, source.nb_channels >= 2 ? 2 : 1);
        return;
    }
    av_channel_layout_copy(&target, &source);
}

}  // namespace

SoundDecoder::SoundDecoder(const Index& index, SoundPackets packets, int channels)
    : index_(&index), packets_(std::move(packets)), channels_(channels), rate_(packets_.track().audio->sample_rate) {
    const auto& track = packets_.track();
    const bool coarse = track.time_base.den < track.time_base.num * rate_;
    lattice_ = coarse ? packet_lattice(packets_.stream().codecpar->codec_id) : 1;
    lattice_start_ = sample_at(index, track, track.first_pts, rate_);
}

MediaResult<SoundDecoder> SoundDecoder::open(ByteSource& bytes, const ArtefactSink& sink, const Index& index,
                                             int stream, int channels) {
    auto packets = SoundPackets::open(bytes, sink, index, stream);
    if (!packets) return std::unexpected(packets.error());
    return SoundDecoder(index, *std::move(packets), channels);
}

MediaResult<void> SoundDecoder::start_at(std::int64_t position) {
    const auto& track = packets_.track();
    const auto from = position - rate_ * kWarmUpMs / 1000 + scale(index_->time_zero_us, rate_, 1'000'000);
    if (auto started = packets_.start_at(scale(from, track.time_base.den, track.time_base.num * rate_, Rounding::down));
        !started) {
        return started;
    }
    auto decoder = av::open_decoder(packets_.stream(), 1);
    if (!decoder) return std::unexpected(decoder.error());
    decoder_ = *std::move(decoder);
    expected_.reset();
    ended_ = false;
    errors_ = false;
    return {};
}

std::int64_t SoundDecoder::track_end() const {
    return sample_at(*index_, packets_.track(), packets_.track().end_pts, rate_);
}

// The end of a frame lies on the lattice even where its beginning was cut off (encoder delay).
std::int64_t SoundDecoder::position_of(const AVFrame& frame) const {
    const auto time = av::usable_time(frame.pts);
    if (!time) return expected_.value_or(lattice_start_);
    const auto start = sample_at(*index_, packets_.track(), *time, rate_);
    if (lattice_ == 1 || frame.sample_rate != rate_) return start;
    const auto end = start + frame.nb_samples - lattice_start_;
    return lattice_start_ + scale(end, 1, lattice_) * lattice_ - frame.nb_samples;
}

MediaResult<void> SoundDecoder::prepare_mixer(const AVFrame& frame) {
    const auto mask = frame.ch_layout.order == AV_CHANNEL_ORDER_NATIVE ? frame.ch_layout.u.mask : 0;
    if (mixer_ && mixer_format_ == frame.format && mixer_rate_ == frame.sample_rate &&
        mixer_channels_ == frame.ch_layout.nb_channels && mixer_mask_ == mask) {
        return {};
    }
    AVChannelLayout in{};
    AVChannelLayout out{};
    usual_layout(in, frame.ch_layout);
    if (in.nb_channels != frame.ch_layout.nb_channels) {
        return bad_media(
            MediaStage::decode, ErrorCode::codec_unsupported,
            "The sound has " + std::to_string(frame.ch_layout.nb_channels) + " channels in no known order.");
    }
    av_channel_layout_default(&out, channels_);
    SwrContext* mixer = nullptr;
    int made = swr_alloc_set_opts2(&mixer, &out, AV_SAMPLE_FMT_FLTP, rate_, &in,
                                   static_cast<AVSampleFormat>(frame.format), frame.sample_rate, 0, nullptr);
    av_channel_layout_uninit(&in);
    mixer_.reset(mixer);
    if (made >= 0) made = av_opt_set_double(mixer, "rematrix_maxval", kMixSumMax, 0);
    if (made >= 0) made = av_opt_set_double(mixer, "center_mix_level", kCentreAndSurroundLevel, 0);
    if (made >= 0) made = av_opt_set_double(mixer, "surround_mix_level", kCentreAndSurroundLevel, 0);
    if (made >= 0) made = swr_init(mixer);
    if (made < 0) return cannot(made);
    mixer_format_ = frame.format;
    mixer_rate_ = frame.sample_rate;
    mixer_channels_ = frame.ch_layout.nb_channels;
    mixer_mask_ = mask;
    return {};
}

MediaResult<std::vector<Plane>> SoundDecoder::mixed(const AVFrame& frame) {
    if (auto prepared = prepare_mixer(frame); !prepared) return std::unexpected(prepared.error());
    const int room = swr_get_out_samples(mixer_.get(), frame.nb_samples);
    if (room < 0) return cannot(room);
    std::vector<Plane> planes(static_cast<std::size_t>(channels_), Plane(static_cast<std::size_t>(room)));
    std::vector<std::uint8_t*> targets;
    targets.reserve(planes.size());
    for (auto& plane : planes) targets.push_back(reinterpret_cast<std::uint8_t*>(plane.data()));
    const int got = swr_convert(mixer_.get(), targets.data(), room,
                                const_cast<const std::uint8_t**>(frame.extended_data), frame.nb_samples);
    if (got < 0) return cannot(got);
    for (auto& plane : planes) plane.resize(static_cast<std::size_t>(got));
    return planes;
}

MediaResult<void> SoundDecoder::feed() {
    auto packet = packets_.next();
    if (!packet) return std::unexpected(packet.error());
    if (!*packet) {
        ended_ = true;
        avcodec_send_packet(decoder_.get(), nullptr);
        return {};
    }
    if (avcodec_send_packet(decoder_.get(), packet->get()) < 0) errors_ = true;
    return {};
}

MediaResult<std::optional<SoundBlock>> SoundDecoder::next() {
    for (;;) {
        const int received = avcodec_receive_frame(decoder_.get(), frame_.get());
        if (received >= 0) {
            if (frame_->sample_rate <= 0 || frame_->nb_samples <= 0) continue;
            SoundBlock block;
            block.position = position_of(*frame_);
            block.errors_before = std::exchange(errors_, false);
            auto planes = mixed(*frame_);
            if (!planes) return std::unexpected(planes.error());
            block.channels = *std::move(planes);
            expected_ = block.position + static_cast<std::int64_t>(block.channels.front().size());
            return std::optional(std::move(block));
        }
        if (received == AVERROR_EOF || (ended_ && received == AVERROR(EAGAIN))) return std::optional<SoundBlock>{};
        if (received != AVERROR(EAGAIN)) errors_ = true;
        if (ended_) continue;
        if (auto fed = feed(); !fed) return std::unexpected(fed.error());
    }
}

}  // namespace movio::media
