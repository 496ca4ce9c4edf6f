#include "media/engine/images/poster.hpp"

#include <algorithm>

#include "media/engine/av/report.hpp"
#include "media/engine/filter/shared_filter.hpp"

namespace movio::media {
namespace {

constexpr int kQuality = 4;  // of 2 (best) to 31: a 1280 x 720 frame takes about 100 kB
constexpr int kDecoderThreads = 2;

std::unexpected<MediaError> cannot(int av_error) {
    return av::failed(MediaStage::encode, ErrorCode::internal, "The poster cannot be encoded.", av_error);
}

PictureSize fitted(PictureSize size, int width_max) {
    if (size.width <= width_max) return size;
    const auto height = static_cast<int>(scale(size.height, width_max, 2LL * size.width)) * 2;
    return {width_max - width_max % 2, std::max(height, 2)};
}

MediaResult<Bytes> encode_jpeg(AVFrame& picture) {
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
    context->global_quality = kQuality * FF_QP2LAMBDA;
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

// The picture that this frame of the grid shows, or the first one.
MediaResult<av::Frame> picture_at(SharedFilter& pictures, std::int64_t frame) {
    if (auto started = pictures.start_at_frame(frame); !started) return std::unexpected(started.error());
    av::Frame shown;
    for (;;) {
        auto next = pictures.next();
        if (!next) return std::unexpected(next.error());
        if (!*next || (shown && (*next)->slot > frame)) break;
        shown = std::move((*next)->picture.frame);
    }
    if (!shown) return bad_media(MediaStage::decode, ErrorCode::damaged, "The frame for the poster cannot be decoded.");
    return shown;
}

}  // namespace

MediaResult<void> make_poster(const Plan& plan, const PosterWork& work, ByteSource& source, ArtefactSink& sink) {
    if (!plan.has_video())
        return bad_media(MediaStage::plan, ErrorCode::internal, "A film without picture has no poster.");
    auto reader = PictureReader::open(source, sink, plan.index, *plan.video_stream, kDecoderThreads);
    if (!reader) return std::unexpected(reader.error());
    const auto& video = *(*reader)->track().video;
    const auto size = fitted(display_size(video), std::max(work.width_max, 2));
    SharedFilter pictures(**reader, plan.grid.frame_rate(), size);
    auto shown = picture_at(pictures, work.frame);
    if (!shown) return std::unexpected(shown.error());
    auto chain = FilterChain::make(**shown, {1, 1}, rendition_steps(video, **shown, size, Levels::jpeg), 1);
    if (!chain) return std::unexpected(chain.error());
    if (auto pushed = chain->push(shown->get()); !pushed) return pushed;
    auto picture = chain->pull();
    if (!picture) return std::unexpected(picture.error());
    if (!*picture) return bad_media(MediaStage::filter, ErrorCode::internal, "The scaler swallowed a frame.");
    auto jpeg = encode_jpeg(***picture);
    if (!jpeg) return std::unexpected(jpeg.error());
    Artefact artefact;
    artefact.kind = ArtefactKind::image;
    artefact.rendition = "poster.jpg";
    artefact.bytes = *std::move(jpeg);
    sink.progress(1000);
    return sink.put(std::move(artefact));
}

}  // namespace movio::media
