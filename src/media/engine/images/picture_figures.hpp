#pragma once
#include <optional>

#include "media/engine/av/handles.hpp"
#include "media/format/look.hpp"

namespace movio::media {

// What is in a picture, from some thousand points of it; nullopt for pixels that are not looked at (palettes,
// big-endian). `full_range` as of the picture.
std::optional<PictureFigures> measure_picture(const AVFrame& picture, bool full_range);

// The same share of black points alone, at a fifth of the cost.
std::optional<int> black_share(const AVFrame& picture, bool full_range);

}  // namespace movio::media
