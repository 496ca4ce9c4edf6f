#pragma once
#include <string>

#include "media/engine/av/compat.hpp"

namespace movio::media {

// A tag of the container as text that fits everywhere: one line, valid UTF-8, at most 200 bytes; else empty.
std::string tag_text(const AVDictionary* metadata, const char* name);

}  // namespace movio::media
