#pragma once
#include <string>

namespace movio::media {

// The libraries that decode and encode, one line each: "libavcodec 59.37.100".
std::string library_versions();

}  // namespace movio::media
