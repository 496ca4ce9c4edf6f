#include "catalog/video_text.hpp"

#include <algorithm>

namespace movio::catalog {
namespace {

bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U; }

}  // namespace

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, starts_character));
}

std::string first_characters(std::string_view text, std::size_t count) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (starts_character(text[i]) && seen++ == count) return std::string(text.substr(0, i));
    return std::string(text);
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n\v\f";
    const auto begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

FileName split_filename(std::string_view name) {
    if (const auto slash = name.find_last_of("/\\"); slash != std::string_view::npos) name.remove_prefix(slash + 1);
    const auto first = name.find_first_not_of('.');
    const auto dot = name.find_last_of('.');
    if (dot == std::string_view::npos || first == std::string_view::npos || dot < first) return {std::string(name), ""};
    return {std::string(name.substr(0, dot)), std::string(name.substr(dot))};
}

}  // namespace movio::catalog
