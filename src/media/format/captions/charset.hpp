#pragma once
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace movio::media {

// Text in any usual encoding as well-formed UTF-8 without a byte order mark: by its mark, as UTF-16 where every second
// byte is zero, as it is where it is valid UTF-8, else by what uchardet takes it for (Windows-1252 when it cannot
// tell).
std::string to_utf8_text(ByteView bytes);

// The encoding that `to_utf8_text` reads these bytes in, by ICU's name.
std::string detect_charset(ByteView bytes);
std::string from_charset(ByteView bytes, const std::string& charset);

}  // namespace movio::media
