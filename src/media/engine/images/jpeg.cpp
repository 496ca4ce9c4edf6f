#include "media/engine/images/jpeg.hpp"

#include <cstring>

#include "media/engine/av/report.hpp"

namespace movio::media {
namespace {

constexpr std::int64_t kPixelsMax = 1 << 24;
constexpr int kNeutral = 128;

std::unexpected<MediaError> cannot(int av_error) {
    return av::failed(MediaStage::encode, ErrorCode::internal, "The picture cannot be encoded.", av_error);
}

std::unexpected<MediaError> unreadable(int av_error) {
    return av::failed(MediaStage::decode, ErrorCode::internal, "A thumbnail cannot be read.", av_error);
}

}  // namespace

MediaResult<Bytes> encode_jpeg(AVFrame& picture, int quality) {
    const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
    if (codec == nullptr) return cannot(AVERROR_ENCODER_NOT_FOUND);
    av::CodecContext context(avcodec_alloc_context3(codec));
    if (!context) throw std::bad_alloc();
    context->width = picture.width;
    context->height = picture.height;
    context->pix_fmt = AV_PIX_FMT_YUVJ420P;
    context->color_range = AVCOL_RANGE_JPEG;
    context->time_base = {1, 25};
    context->sample_aspect_ratio = {1, 1};
    context->thread_count = 1;
    context->flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT;
    context->global_quality = quality * FF_QP2LAMBDA;
    picture.quality = context->global_quality;
    picture.pict_type = AV_PICTURE_TYPE_NONE;
    picture.pts = 0;
    if (const int opened = avcodec_open2(context.get(), codec, nullptr); opened < 0) return cannot(opened);
    if (const int sent = avcodec_send_frame(context.get(), &picture); sent < 0) return cannot(sent);
    if (const int sent = avcodec_send_frame(context.get(), nullptr); sent < 0) return cannot(sent);
    auto packet = av::new_packet();
    if (const int received = avcodec_receive_packet(context.get(), packet.get()); received < 0) return cannot(received);
    const auto* data = reinterpret_cast<const std::byte*>(packet->data);
    return Bytes(data, data + packet->size);
}

MediaResult<av::Frame> decode_jpeg(ByteView bytes, PictureSize size) {
    if (bytes.empty()) return unreadable(AVERROR_INVALIDDATA);
    const AVCodec* codec = avcodec_find_decoder(AV_CODEC_ID_MJPEG);
    if (codec == nullptr) return unreadable(AVERROR_DECODER_NOT_FOUND);
    av::CodecContext context(avcodec_alloc_context3(codec));
    if (!context) throw std::bad_alloc();
    context->max_pixels = kPixelsMax;
    context->thread_count = 1;
    if (const int opened = avcodec_open2(context.get(), codec, nullptr); opened < 0) return unreadable(opened);
    auto packet = av::new_packet();
    if (av_new_packet(packet.get(), static_cast<int>(bytes.size())) < 0) throw std::bad_alloc();
    std::memcpy(packet->data, bytes.data(), bytes.size());
    if (const int sent = avcodec_send_packet(context.get(), packet.get()); sent < 0) return unreadable(sent);
    auto picture = av::new_frame();
    if (const int received = avcodec_receive_frame(context.get(), picture.get()); received < 0)
        return unreadable(received);
    const bool fits =
        picture->width == size.width && picture->height == size.height && picture->format == AV_PIX_FMT_YUVJ420P;
    if (!fits) return unreadable(AVERROR_INVALIDDATA);
    return picture;
}

av::Frame new_canvas(PictureSize size) {
    auto canvas = av::new_frame();
    canvas->width = size.width;
    canvas->height = size.height;
    canvas->format = AV_PIX_FMT_YUVJ420P;
    canvas->color_range = AVCOL_RANGE_JPEG;
    canvas->sample_aspect_ratio = {1, 1};
    if (av_frame_get_buffer(canvas.get(), 0) < 0) throw std::bad_alloc();
    for (int plane = 0; plane < 3; ++plane) {
        const int rows = plane == 0 ? size.height : size.height / 2;
        for (int row = 0; row < rows; ++row) {
            std::memset(canvas->data[plane] + static_cast<std::ptrdiff_t>(row) * canvas->linesize[plane],
                        plane == 0 ? 0 : kNeutral, static_cast<std::size_t>(plane == 0 ? size.width : size.width / 2));
        }
    }
    return canvas;
}

void paste(AVFrame& target, Place to, const AVFrame& source, Place from, PictureSize size) {
    for (int plane = 0; plane < 3; ++plane) {
        const int shift = plane == 0 ? 0 : 1;
        for (int row = 0; row < size.height >> shift; ++row) {
            const auto target_row = static_cast<std::ptrdiff_t>((to.y >> shift) + row) * target.linesize[plane];
            const auto source_row = static_cast<std::ptrdiff_t>((from.y >> shift) + row) * source.linesize[plane];
            std::memcpy(target.data[plane] + target_row + (to.x >> shift),
                        source.data[plane] + source_row + (from.x >> shift),
                        static_cast<std::size_t>(size.width >> shift));
        }
    }
}

}  // namespace movio::media
