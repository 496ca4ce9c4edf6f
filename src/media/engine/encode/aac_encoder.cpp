#include "media/engine/encode/aac_encoder.hpp"

#include <cstring>

#include "media/engine/av/report.hpp"
#include "media/format/sound.hpp"

namespace movio::media {
namespace {

std::unexpected<MediaError> cannot(int av_error) {
    return av::failed(MediaStage::encode, ErrorCode::internal, "The sound cannot be encoded.", av_error);
}

}  // namespace

MediaResult<AacEncoder> AacEncoder::open(const AudioRendition& rendition) {
    const AVCodec* codec = avcodec_find_encoder_by_name("aac");
    if (codec == nullptr) return cannot(AVERROR_ENCODER_NOT_FOUND);
    av::CodecContext context(avcodec_alloc_context3(codec));
    if (!context) throw std::bad_alloc();
    context->sample_fmt = AV_SAMPLE_FMT_FLTP;
    context->sample_rate = rendition.sample_rate;
    context->time_base = {1, rendition.sample_rate};
    context->bit_rate = std::int64_t{rendition.kbps} * 1000;
    context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    av_channel_layout_default(&context->ch_layout, rendition.channels);
    if (const int opened = avcodec_open2(context.get(), codec, nullptr); opened < 0) return cannot(opened);
    if (context->frame_size != kAacFrameSamples) return cannot(AVERROR_BUG);
    return AacEncoder(std::move(context));
}

MediaResult<void> AacEncoder::send(const std::vector<Plane>& planes, std::int64_t first) {
    auto frame = av::new_frame();
    frame->format = AV_SAMPLE_FMT_FLTP;
    frame->nb_samples = kAacFrameSamples;
    frame->sample_rate = context_->sample_rate;
    frame->pts = first;
    if (const int copied = av_channel_layout_copy(&frame->ch_layout, &context_->ch_layout); copied < 0)
        return cannot(copied);
    if (const int got = av_frame_get_buffer(frame.get(), 0); got < 0) return cannot(got);
    for (std::size_t channel = 0; channel < planes.size(); ++channel) {
        std::memcpy(frame->extended_data[channel], planes[channel].data(), kAacFrameSamples * sizeof(float));
    }
    if (const int sent = avcodec_send_frame(context_.get(), frame.get()); sent < 0) return cannot(sent);
    return {};
}

MediaResult<void> AacEncoder::finish() {
    if (const int sent = avcodec_send_frame(context_.get(), nullptr); sent < 0) return cannot(sent);
    return {};
}

MediaResult<std::optional<AacEncoder::Unit>> AacEncoder::receive() {
    const int received = avcodec_receive_packet(context_.get(), packet_.get());
    if (received == AVERROR(EAGAIN) || received == AVERROR_EOF) return std::optional<Unit>{};
    if (received < 0) return cannot(received);
    const auto* data = reinterpret_cast<const std::byte*>(packet_->data);
    Unit unit{Bytes(data, data + packet_->size), packet_->pts};
    av_packet_unref(packet_.get());
    return std::optional(std::move(unit));
}

}  // namespace movio::media
