#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace movio::media {

struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 1;
};

// The character at `at` of well-formed UTF-8; an ill-formed byte is U+FFFD of one byte.
CodePoint code_point_at(std::string_view text, std::size_t at);
void append_utf8(std::string& text, char32_t character);

}  // namespace movio::media
