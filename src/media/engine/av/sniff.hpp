#pragma once
#include <string>

#include "media/format/byte_source.hpp"

namespace movio::media::av {

// The libav demuxer for this file, by its first bytes alone: names and claims are never asked. Only real containers
// are known; playlists, scripts, pictures, archives and texts are refused as not_media in plain words.
MediaResult<std::string> sniff_container(ByteSource& source);

// The containers above as libav's format_whitelist.
const char* container_whitelist();

}  // namespace movio::media::av
