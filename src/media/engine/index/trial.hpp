#pragma once
#include <vector>

#include "media/engine/av/handles.hpp"
#include "media/format/media_result.hpp"

namespace movio::media {

// Proves that a track can be decoded, on its first packets, so that a codec that is missing or a stream that is broken
// is known before anything is promised.
class DecodeTrial {
public:
    static MediaResult<DecodeTrial> open(const AVStream& stream, std::size_t frames_wanted);

    void add(const AVPacket& packet);
    // No more packets come: what the decoder still holds counts.
    void finish();

    // Whether more packets would change nothing.
    bool done() const { return !decoder_; }
    const std::vector<av::Frame>& frames() const { return frames_; }

private:
    DecodeTrial(av::CodecContext decoder, std::size_t frames_wanted)
        : decoder_(std::move(decoder)), wanted_(frames_wanted) {}
    void receive();

    av::CodecContext decoder_;
    std::size_t wanted_ = 0;
    int packets_ = 0;
    std::vector<av::Frame> frames_;
};

}  // namespace movio::media
