#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace movio::media {

// Lower-case hexadecimal, two digits a byte. Reading takes either case and nothing else.
std::string to_hex(ByteView bytes);
std::optional<Bytes> from_hex(std::string_view digits);

}  // namespace movio::media
