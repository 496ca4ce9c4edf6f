#include "media/engine/images/webp.hpp"

#include "media/engine/filter/chain.hpp"

namespace movio::media {
namespace {

constexpr const char* kQuality = "55";

// The last picture lasts as long as a tick of the clock: a tick is a picture.
av::CodecContext open_encoder(const AVFrame& like, int picture_ms) {
    const AVCodec* codec = avcodec_find_encoder_by_name("libwebp_anim");
    if (codec == nullptr) return nullptr;
    av::CodecContext context(avcodec_alloc_context3(codec));
    if (!context) throw std::bad_alloc();
    context->width = like.width;
    context->height = like.height;
    context->pix_fmt = AV_PIX_FMT_YUV420P;
    context->time_base = {picture_ms, 1000};
    context->thread_count = 1;
    av_opt_set(context->priv_data, "quality", kQuality, 0);
    av_opt_set(context->priv_data, "preset", "photo", 0);
    if (avcodec_open2(context.get(), codec, nullptr) < 0) return nullptr;
    return context;
}

// WebP's luma is in limited range (RFC 9649 §3).
std::optional<FilterChain> levels_for_webp(const AVFrame& like) {
    const std::vector<FilterStep> steps{{"scale", "in_range=full:out_range=limited"}, {"format", "pix_fmts=yuv420p"}};
    auto chain = FilterChain::make(like, {1, 1000}, steps, 1);
    if (!chain) return std::nullopt;
    return *std::move(chain);
}

bool send(AVCodecContext& encoder, FilterChain& levels, const AVFrame& picture, std::int64_t number) {
    auto reference = av::new_reference(picture);
    reference->pts = number;
    if (!levels.push(reference.get())) return false;
    auto ready = levels.pull();
    if (!ready || !*ready) return false;
    (**ready)->pts = number;
    return avcodec_send_frame(&encoder, (*ready)->get()) >= 0;
}

}  // namespace

std::optional<Bytes> encode_animation(const std::vector<av::Frame>& pictures, int picture_ms) {
    if (pictures.empty()) return std::nullopt;
    const auto encoder = open_encoder(*pictures.front(), picture_ms);
    auto levels = levels_for_webp(*pictures.front());
    if (!encoder || !levels) return std::nullopt;
    std::int64_t number = 0;
    for (const auto& picture : pictures)
        if (!send(*encoder, *levels, *picture, number++)) return std::nullopt;
    if (avcodec_send_frame(encoder.get(), nullptr) < 0) return std::nullopt;
    auto packet = av::new_packet();
    if (avcodec_receive_packet(encoder.get(), packet.get()) < 0) return std::nullopt;
    const auto* data = reinterpret_cast<const std::byte*>(packet->data);
    return Bytes(data, data + packet->size);
}

}  // namespace movio::media
