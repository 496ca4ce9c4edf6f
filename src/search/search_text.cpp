#include "search/search_text.hpp"

#include <algorithm>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "media/format/captions/utf8_text.hpp"

namespace movio::search {
namespace {

constexpr UChar32 kNonJoiner = 0x200C;
constexpr UChar32 kJoiner = 0x200D;
constexpr std::uint32_t kWordCategories = U_GC_L_MASK | U_GC_N_MASK | U_GC_CO_MASK | U_GC_MN_MASK | U_GC_MC_MASK;

bool is_joiner(UChar32 character) { return character == kNonJoiner || character == kJoiner; }
bool is_word_character(UChar32 character) { return (U_GET_GC_MASK(character) & kWordCategories) != 0; }
bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string ascii_without_case(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

// The character at `at`, which moves behind it; U+FFFD where the bytes are no character.
UChar32 next_character(std::string_view text, std::size_t& at) {
    const auto [character, bytes] = media::code_point_at(text, at);
    at += bytes;
    return static_cast<UChar32>(character);
}

std::string without_joiners(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        if (!is_joiner(next_character(text, at))) out += text.substr(begin, at - begin);
    }
    return out;
}

bool keeps_together(std::string_view between) {
    return between == "'" || between == "\u2019" || between == "." || between == "_";
}

}  // namespace

std::string search_text(std::string_view text) {
    if (is_ascii(text)) return std::string(text);
    // Before the normal form: a joiner may stand between two characters that compose.
    const std::string joined = without_joiners(to_valid_utf8(text));
    UErrorCode status = U_ZERO_ERROR;
    const auto* nfc = icu::Normalizer2::getNFCInstance(status);
    std::string out;
    if (U_SUCCESS(status)) {
        icu::StringByteSink<std::string> sink(&out, static_cast<int32_t>(joined.size()));
        nfc->normalizeUTF8(0, joined, sink, nullptr, status);
    }
    if (U_FAILURE(status)) throw Failure("ICU cannot normalise text: " + std::string(u_errorName(status)));
    return out;
}

std::vector<WordSpan> words_of(std::string_view text) {
    std::vector<WordSpan> words;
    bool inside = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const UChar32 character = next_character(text, at);
        if (is_word_character(character)) {
            if (!inside) words.push_back({begin, at});
            words.back().end = at;
            inside = true;
        } else if (!is_joiner(character)) {
            inside = false;
        }
    }
    return words;
}

std::vector<std::string> query_words(std::string_view text) {
    const std::string normal = search_text(text);
    std::vector<std::string> words;
    for (const auto& word : words_of(normal)) words.push_back(normal.substr(word.begin, word.end - word.begin));
    return words;
}

std::vector<std::string> query_terms(std::string_view text) {
    const std::string normal = search_text(text);
    const std::string_view view = normal;
    std::vector<WordSpan> terms;
    for (const auto& word : words_of(view)) {
        const bool goes_on =
            !terms.empty() && keeps_together(view.substr(terms.back().end, word.begin - terms.back().end));
        if (goes_on)
            terms.back().end = word.end;
        else
            terms.push_back(word);
    }
    std::vector<std::string> out;
    out.reserve(terms.size());
    for (const auto& term : terms) out.emplace_back(view.substr(term.begin, term.end - term.begin));
    return out;
}

bool may_be_beginning(std::string_view word) {
    return std::ranges::count_if(word, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }) >= 2;
}

std::string without_case(std::string_view word) {
    if (is_ascii(word)) return ascii_without_case(word);
    icu::UnicodeString out;
    for (std::size_t at = 0; at < word.size();) out.append(u_foldCase(next_character(word, at), U_FOLD_CASE_DEFAULT));
    std::string text;
    out.toUTF8String(text);
    return text;
}

std::string fold(std::string_view word) {
    if (is_ascii(word)) return ascii_without_case(word);
    UErrorCode status = U_ZERO_ERROR;
    const auto* nfd = icu::Normalizer2::getNFDInstance(status);
    auto text = icu::UnicodeString::fromUTF8(without_case(without_joiners(word)));
    if (U_SUCCESS(status)) text = nfd->normalize(text, status);
    if (U_FAILURE(status)) throw Failure("ICU cannot normalise text: " + std::string(u_errorName(status)));
    icu::UnicodeString bare;
    for (int32_t at = 0; at < text.length(); ++at)
        if (text[at] < 0x300 || text[at] > 0x36F) bare.append(text[at]);  // combining diacritical marks; no surrogates
    std::string out;
    bare.toUTF8String(out);
    return out;
}

}  // namespace movio::search
