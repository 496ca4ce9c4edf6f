#pragma once
#include <string>
#include <string_view>

namespace movio {

// Well-formed per RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_valid_utf8(std::string_view text);
// The same text with every ill-formed byte replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

}  // namespace movio
