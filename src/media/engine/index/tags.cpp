#include "media/engine/index/tags.hpp"

#include <string_view>

#include "base/utf8.hpp"

namespace movio::media {
namespace {

constexpr std::size_t kTextBytesMax = 200;

// XML has no way to write these (XML 1.0 §2.2), and in a menu they are of no use.
std::string without_control_characters(std::string text) {
    for (auto& letter : text)
        if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F) letter = ' ';
    for (const std::string_view none : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"})  // U+FFFE, U+FFFF
        for (auto at = text.find(none); at != std::string::npos; at = text.find(none, at))
            text.replace(at, none.size(), " ");
    return text;
}

}  // namespace

std::string tag_text(const AVDictionary* metadata, const char* name) {
    const AVDictionaryEntry* entry = av_dict_get(metadata, name, nullptr, 0);
    if (entry == nullptr) return {};
    std::string text = entry->value;
    if (text.size() > kTextBytesMax || !is_valid_utf8(text)) return {};
    return without_control_characters(std::move(text));
}

}  // namespace movio::media
