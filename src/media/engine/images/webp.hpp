#pragma once
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "media/engine/av/handles.hpp"

namespace movio::media {

// Pictures of one size (yuvj420p) as an animated WebP that repeats for ever. nullopt when this libav has no encoder for
// it, or it fails.
std::optional<Bytes> encode_animation(const std::vector<av::Frame>& pictures, int picture_ms);

}  // namespace movio::media
