#pragma once
#include <optional>
#include <string>

#include "media/format/rational.hpp"

namespace movio::media {

// The lowest level of ITU-T H.264 table A-1 that holds this picture size, rate and bit rate with the four reference
// frames that our encoder settings keep; ten times its number (level 1b is not used). nullopt: larger than level 6.2.
std::optional<int> lowest_h264_level(int width, int height, Rational frame_rate, int cap_kbps, bool high_profile);

// RFC 6381 §3.3 for avc1, with the constraint flags that x264 writes: main sets constraint_set1, high sets none.
std::string h264_codecs(bool high_profile, int level);

}  // namespace movio::media
