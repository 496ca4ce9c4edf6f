#include "adapters/fts5/vocabulary.hpp"

#include <algorithm>
#include <set>

#include "adapters/fts5/match.hpp"
#include "search/search_text.hpp"

namespace movio::fts5 {
namespace {

constexpr int kWordsMax = 32;                 // each one is a list of the index to walk along
constexpr std::ptrdiff_t kIndexedLength = 3;  // `prefix` of the tables, in characters
constexpr std::string_view kBehindAll = "\U0010FFFF";

std::ptrdiff_t characters_in(std::string_view text) {
    return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

}  // namespace

void Vocabulary::add(std::string_view text) {
    std::set<std::string> words;
    for (const auto& word : search::words_of(text))
        words.insert(search::without_case(text.substr(word.begin, word.end - word.begin)));
    for (const auto& word : words) ++texts_of_[word];
}

void Vocabulary::put_into(SqlSession& session) const {
    for (const auto& [word, texts] : texts_of_)
        session.run(
            "INSERT INTO words (fold, word, texts) VALUES ($1, $2, $3) "
            "ON CONFLICT (fold, word) DO UPDATE SET texts = texts + excluded.texts",
            {sql(search::fold(word)), sql(word), sql(texts)});
}

void Vocabulary::take_out_of(SqlSession& session) const {
    for (const auto& [word, texts] : texts_of_) {
        const auto fold = search::fold(word);
        session.run("UPDATE words SET texts = texts - $3 WHERE fold = $1 AND word = $2",
                    {sql(fold), sql(word), sql(texts)});
        session.run("DELETE FROM words WHERE fold = $1 AND word = $2 AND texts <= 0", {sql(fold), sql(word)});
    }
}

std::string beginning(SqlSession& session, const std::string& word) {
    if (!search::may_be_beginning(word)) return quoted(word);
    if (characters_in(word) <= kIndexedLength) return quoted(word) + '*';
    const auto fold = search::fold(word);
    const auto found =
        session.run("SELECT word FROM words WHERE fold >= $1 AND fold < $2 ORDER BY texts DESC, word LIMIT $3",
                    {sql(fold), sql(fold + std::string(kBehindAll)), sql(kWordsMax)});
    std::string expression;
    for (const auto& row : found.rows) {
        if (!expression.empty()) expression += " OR ";
        expression += quoted(row.text(0));
    }
    return expression.empty() ? expression : '(' + expression + ')';
}

}  // namespace movio::fts5
