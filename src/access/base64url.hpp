#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace movio::access {

// Base64url without padding (RFC 4648 §5, RFC 7515 §2).
std::string base64url(std::string_view bytes);
// Strict: no padding, no other characters, no bits set that stand for nothing, so that one text stands for one value.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace movio::access
