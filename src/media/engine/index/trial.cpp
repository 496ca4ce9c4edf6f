#include "media/engine/index/trial.hpp"

#include "media/engine/av/decoders.hpp"

namespace movio::media {
namespace {

constexpr int kPacketsMax = 300;  // ten seconds of film without one good frame is a broken stream

}  // namespace

MediaResult<DecodeTrial> DecodeTrial::open(const AVStream& stream, std::size_t frames_wanted) {
    // Whole frames are wanted: samples that a player would skip tell the true frame length.
    auto decoder = av::open_decoder(stream, 1, AV_CODEC_FLAG2_SKIP_MANUAL);
    if (!decoder) return std::unexpected(decoder.error());
    return DecodeTrial(*std::move(decoder), frames_wanted);
}

void DecodeTrial::receive() {
    auto frame = av::new_frame();
    while (frames_.size() < wanted_ && avcodec_receive_frame(decoder_.get(), frame.get()) >= 0) {
        frames_.push_back(std::move(frame));
        frame = av::new_frame();
    }
    if (frames_.size() >= wanted_ || packets_ >= kPacketsMax) decoder_.reset();
}

void DecodeTrial::add(const AVPacket& packet) {
    if (!decoder_) return;
    ++packets_;
    if (avcodec_send_packet(decoder_.get(), &packet) == AVERROR(EAGAIN)) {
        receive();
        if (decoder_) avcodec_send_packet(decoder_.get(), &packet);
    }
    if (decoder_) receive();
}

void DecodeTrial::finish() {
    if (!decoder_) return;
    avcodec_send_packet(decoder_.get(), nullptr);
    receive();
    decoder_.reset();
}

}  // namespace movio::media
