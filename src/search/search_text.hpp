#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Words in any script. Text is UTF-8; ill-formed bytes count as U+FFFD. Pure.
namespace movio::search {

// Text as it is indexed and as it is asked for: NFC (Unicode UAX #15) without the zero-width (non-)joiners U+200C and
// U+200D, which change how a word looks and not which word it is.
std::string search_text(std::string_view text);

// A word's place in a text, in bytes.
struct WordSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
};

// Runs of letters, numbers, marks and private characters (general categories L*, N*, Co, Mn, Mc): marks belong to the
// word, or Indic vowel signs would cut it. Zero-width joiners inside a word do not end it.
std::vector<WordSpan> words_of(std::string_view text);

// The words of a query, normalised, in order.
std::vector<std::string> query_words(std::string_view text);

// The same for clients that OR words: what only an apostrophe, a full stop or a low line divides stays together
// ("don't", "example.com"), as Unicode's word boundaries have it (UAX #29, WB6 and WB13).
std::vector<std::string> query_terms(std::string_view text);

// Whether the last word of a query also finds the words that begin with it: one of two characters or more. A single
// character begins so many that the answer would be no use.
bool may_be_beginning(std::string_view word);

// The word in small letters (simple case folding), which keeps accents and joiners.
std::string without_case(std::string_view word);

// Two words that are the same but for case, accents and joiners have the same fold.
std::string fold(std::string_view word);

}  // namespace movio::search
