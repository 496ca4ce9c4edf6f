#include "media/format/language.hpp"

#include <algorithm>
#include <array>

#include <unicode/uloc.h>
#include <unicode/unistr.h>

namespace movio::media {

namespace {

constexpr std::size_t kLanguageBytesMax = 35;  // RFC 5646 §4.4.1

struct Bibliographic {
    std::string_view code;
    std::string_view language;
};

// The twenty codes of ISO 639-2/B that differ from 639-2/T, which is all that ICU knows.
constexpr std::array kBibliographic{
    Bibliographic{"alb", "sq"}, Bibliographic{"arm", "hy"}, Bibliographic{"baq", "eu"}, Bibliographic{"bur", "my"},
    Bibliographic{"chi", "zh"}, Bibliographic{"cze", "cs"}, Bibliographic{"dut", "nl"}, Bibliographic{"fre", "fr"},
    Bibliographic{"geo", "ka"}, Bibliographic{"ger", "de"}, Bibliographic{"gre", "el"}, Bibliographic{"ice", "is"},
    Bibliographic{"mac", "mk"}, Bibliographic{"mao", "mi"}, Bibliographic{"may", "ms"}, Bibliographic{"per", "fa"},
    Bibliographic{"rum", "ro"}, Bibliographic{"slo", "sk"}, Bibliographic{"tib", "bo"}, Bibliographic{"wel", "cy"},
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The language itself, and the rest with its hyphen.
struct Parts {
    std::string language;
    std::string rest;
};

Parts split(std::string_view text) {
    text = text.substr(0, text.find_first_of(".@"));  // POSIX: en_US.UTF-8@euro
    Parts parts;
    std::string whole;
    for (const char c : text) whole += c == '_' ? '-' : c;
    const auto hyphen = whole.find('-');
    parts.language = whole.substr(0, hyphen);
    for (auto& c : parts.language)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (hyphen != std::string::npos) parts.rest = whole.substr(hyphen);
    return parts;
}

}  // namespace

std::string normalise_language(std::string_view text) {
    if (text.size() > kLanguageBytesMax) return "und";
    auto [language, rest] = split(text);
    const bool plausible = (language.size() == 2 || language.size() == 3) && std::ranges::all_of(language, is_letter);
    if (!plausible || language == "mul" || language == "mis" || language == "zxx") return "und";
    for (const auto& entry : kBibliographic)
        if (entry.code == language) language = entry.language;
    std::array<char, ULOC_FULLNAME_CAPACITY> locale{};
    std::array<char, ULOC_FULLNAME_CAPACITY> tag{};
    UErrorCode status = U_ZERO_ERROR;
    int32_t parsed = 0;
    uloc_forLanguageTag((language + rest).c_str(), locale.data(), static_cast<int32_t>(locale.size()), &parsed,
                        &status);
    if (U_SUCCESS(status)) uloc_toLanguageTag(locale.data(), tag.data(), static_cast<int32_t>(tag.size()), 1, &status);
    const std::string_view found(tag.data());
    const bool fits = U_SUCCESS(status) && !found.empty() && found.size() <= kLanguageBytesMax &&
                      std::ranges::all_of(found, [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
    return fits ? std::string(found) : "und";
}

std::string language_own_name(const std::string& language) {
    if (language.empty() || language == "und") return {};
    std::array<char, ULOC_FULLNAME_CAPACITY> locale{};
    std::array<UChar, 128> name{};
    UErrorCode status = U_ZERO_ERROR;
    int32_t parsed = 0;
    uloc_forLanguageTag(language.c_str(), locale.data(), static_cast<int32_t>(locale.size()), &parsed, &status);
    const auto length =
        uloc_getDisplayName(locale.data(), locale.data(), name.data(), static_cast<int32_t>(name.size()), &status);
    if (U_FAILURE(status) || length <= 0) return language;
    std::string text;
    icu::UnicodeString(name.data(), std::min(length, static_cast<int32_t>(name.size()))).toUTF8String(text);
    return text;
}

}  // namespace movio::media
