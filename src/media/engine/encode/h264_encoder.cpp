#include "media/engine/encode/h264_encoder.hpp"

#include <fmt/format.h>

#include "media/engine/av/report.hpp"
#include "media/format/avc.hpp"

namespace movio::media {
namespace {

constexpr int kBFrames = 3;
constexpr int kBitsPerKbit = 1000;

std::unexpected<MediaError> cannot(int av_error) {
    return av::failed(MediaStage::encode, ErrorCode::internal, "The picture cannot be encoded.", av_error);
}

// `stitchable`: parameter sets do not depend on the rate or the content, so all chunks share one init segment.
// `vbv-init` below its default: each chunk starts as if its buffer were part empty, so that joints stay under the cap.
constexpr const char* kX264Parameters =
    "stitchable=1:vbv-init=0.6:keyint=infinite:min-keyint=1:scenecut=0:open-gop=0:force-cfr=1:annexb=1:repeat-headers=0:"
    "nal-hrd=none:aud=0:sliced-threads=0:bframes=3:b-pyramid=normal:lookahead-threads=1";

}  // namespace

MediaResult<H264Encoder> H264Encoder::open(const VideoRendition& rendition, Rational frame_rate,
                                           const ColourInfo& colour) {
    const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
    if (codec == nullptr) return cannot(AVERROR_ENCODER_NOT_FOUND);
    av::CodecContext context(avcodec_alloc_context3(codec));
    if (!context) throw std::bad_alloc();
    context->width = rendition.width;
    context->height = rendition.height;
    context->pix_fmt = AV_PIX_FMT_YUV420P;
    context->time_base = {static_cast<int>(frame_rate.den), static_cast<int>(frame_rate.num)};
    context->framerate = {static_cast<int>(frame_rate.num), static_cast<int>(frame_rate.den)};
    context->sample_aspect_ratio = {1, 1};
    context->color_primaries = static_cast<AVColorPrimaries>(colour.primaries);
    context->color_trc = static_cast<AVColorTransferCharacteristic>(colour.transfer);
    context->colorspace = static_cast<AVColorSpace>(colour.matrix);
    context->color_range = AVCOL_RANGE_MPEG;
    context->chroma_sample_location = AVCHROMA_LOC_LEFT;
    context->max_b_frames = kBFrames;
    context->thread_count = rendition.threads;
    context->rc_max_rate = std::int64_t{rendition.cap_kbps} * kBitsPerKbit;
    context->rc_buffer_size = rendition.buffer_kbit * kBitsPerKbit;
    context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "preset", rendition.preset.c_str(), 0);
    av_dict_set(&options, "profile", rendition.profile.c_str(), 0);
    av_dict_set(&options, "level", fmt::format("{}.{}", rendition.level / 10, rendition.level % 10).c_str(), 0);
    av_dict_set_int(&options, "crf", rendition.crf, 0);
    av_dict_set_int(&options, "forced-idr", 1, 0);
    // The preset ultrafast turns off the transform that makes High of Main.
    const std::string transform = rendition.profile == "high" ? ":8x8dct=1" : "";
    av_dict_set(&options, "x264-params", (kX264Parameters + transform).c_str(), 0);
    const int opened = avcodec_open2(context.get(), codec, &options);
    av_dict_free(&options);
    if (opened < 0) return cannot(opened);
    auto config = make_avc_config(
        {reinterpret_cast<const std::byte*>(context->extradata), static_cast<std::size_t>(context->extradata_size)});
    if (!config) return std::unexpected(config.error());
    H264Encoder encoder(std::move(context));
    auto sets = read_avc_config(*config);
    if (!sets) return cannot(AVERROR_BUG);
    encoder.sets_ = std::move(sets->sets);
    encoder.avc_config_ = *std::move(config);
    return encoder;
}

MediaResult<void> H264Encoder::send(const AVFrame* frame, std::int64_t number, bool begin_segment) {
    int sent = 0;
    if (frame == nullptr) {
        sent = avcodec_send_frame(context_.get(), nullptr);
    } else {
        av_frame_unref(frame_.get());
        if (const int referred = av_frame_ref(frame_.get(), frame); referred < 0) return cannot(referred);
        frame_->pts = number;
        frame_->pict_type = begin_segment ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
        sent = avcodec_send_frame(context_.get(), frame_.get());
    }
    if (sent < 0) return cannot(sent);
    return {};
}

MediaResult<std::optional<H264Encoder::Unit>> H264Encoder::receive() {
    const int received = avcodec_receive_packet(context_.get(), packet_.get());
    if (received == AVERROR(EAGAIN) || received == AVERROR_EOF) return std::optional<Unit>{};
    if (received < 0) return cannot(received);
    const ByteView annex_b{reinterpret_cast<const std::byte*>(packet_->data), static_cast<std::size_t>(packet_->size)};
    // They would be left out of the sample: the init segment's must do.
    for (const auto nal : split_annex_b(annex_b)) {
        const bool is_set = nal_type(nal) == NalType::sps || nal_type(nal) == NalType::pps;
        if (is_set && !sets_.holds(nal)) {
            return bad_media(MediaStage::encode, ErrorCode::internal, "The picture cannot be encoded.",
                             "the encoder wrote other parameter sets than those of its init segment");
        }
    }
    Unit unit{to_avc_sample(annex_b), packet_->pts, (packet_->flags & AV_PKT_FLAG_KEY) != 0};
    av_packet_unref(packet_.get());
    return std::optional(std::move(unit));
}

}  // namespace movio::media
