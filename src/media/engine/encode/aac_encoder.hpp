#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "media/engine/av/handles.hpp"
#include "media/engine/decode/sound_decoder.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// libav's own AAC-LC encoder. Frames come out in order, each 1024 samples, the first of them 1024 samples before the
// first that went in.
class AacEncoder {
public:
    static MediaResult<AacEncoder> open(const AudioRendition& rendition);

    // 1024 samples of each channel, beginning with content sample `first`.
    MediaResult<void> send(const std::vector<Plane>& planes, std::int64_t first);
    MediaResult<void> finish();

    struct Unit {
        Bytes data;
        std::int64_t first = 0;  // content sample it begins with
    };
    MediaResult<std::optional<Unit>> receive();

private:
    explicit AacEncoder(av::CodecContext context) : context_(std::move(context)) {}

    av::CodecContext context_;
    av::Packet packet_ = av::new_packet();
};

}  // namespace movio::media
