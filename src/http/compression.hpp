#pragma once
#include <string>
#include <string_view>

namespace movio::http {

// True when `Accept-Encoding` prefers gzip to no coding at all (RFC 9110 §12.5.3, q-values included).
bool accepts_gzip(std::string_view accept_encoding);
// JSON, playlists and other text. Media and images never: they are compressed already, and ranges must stay bytes of
// the file.
bool is_compressible(std::string_view content_type);
std::string gzip(std::string_view text, int level);

// Smaller texts do not gain by it.
inline constexpr std::size_t kGzipBytesMin = 1024;

}  // namespace movio::http
