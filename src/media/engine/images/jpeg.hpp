#pragma once
#include "base/bytes.hpp"
#include "media/engine/av/handles.hpp"
#include "media/format/media_result.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// Pictures of these functions are yuvj420p with even sides.

// `quality`: of 2 (best) to 31.
MediaResult<Bytes> encode_jpeg(AVFrame& picture, int quality);
// Fails for everything but a 4:2:0 JPEG of exactly this size.
MediaResult<av::Frame> decode_jpeg(ByteView bytes, PictureSize size);

// A black picture.
av::Frame new_canvas(PictureSize size);

struct Place {
    int x = 0;  // even
    int y = 0;
};
// Copies a part of `size` of one picture into another. Both hold it whole.
void paste(AVFrame& target, Place to, const AVFrame& source, Place from, PictureSize size);

}  // namespace movio::media
