#pragma once
#include "media/engine/av/handles.hpp"
#include "media/format/media_result.hpp"

namespace movio::media::av {

// Decoders that Movio lets near a stranger's bytes, as libav's codec_whitelist.
const char* decoder_whitelist();

// A decoder for this stream, open. `threads` are libav's own. codec_unsupported names the codec.
MediaResult<CodecContext> open_decoder(const AVStream& stream, int threads, int flags2 = 0);

// For people: "H.264 / AVC".
std::string codec_title(AVCodecID codec);

}  // namespace movio::media::av
