#pragma once
#include "media/engine/av/compat.hpp"

namespace movio::media {

struct Upright {
    int clockwise = 0;      // 0, 90, 180, 270: turn the picture by this
    bool mirrored = false;  // after flipping it left to right
};

// The display matrix of a stream (ISO/IEC 14496-12 §8.3.2 tkhd), found by its type, wherever it stands.
Upright read_rotation(const AVStream& stream);

}  // namespace movio::media
