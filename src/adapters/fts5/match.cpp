#include "adapters/fts5/match.hpp"

#include <algorithm>

#include "search/search_text.hpp"

namespace movio::fts5 {
namespace {

// A phrase of the words alone; empty when there is none.
std::string phrase(const std::string& text) {
    std::string words;
    for (const auto& word : search::query_words(text)) {
        if (!words.empty()) words += ' ';
        words += word;
    }
    return words.empty() ? words : quoted(words);
}

void add(std::string& expression, const std::string& operation, const std::string& part) {
    if (part.empty()) return;
    if (!expression.empty()) expression += operation;
    expression += part;
}

}  // namespace

std::string any_term(const std::vector<search::V1Term>& terms, const std::vector<std::string>& fields) {
    std::string expression;
    for (const auto& term : terms) {
        auto words = phrase(term.text);
        if (words.empty()) continue;
        if (!term.field.empty()) {
            if (std::ranges::find(fields, term.field) == fields.end()) continue;
            words.insert(0, term.field + " : ");
        }
        add(expression, " OR ", words);
    }
    return expression;
}

std::string any_term_of_column(const std::vector<search::V1Term>& terms, const std::string& field) {
    std::string expression;
    for (const auto& term : terms)
        if (term.field.empty() || term.field == field) add(expression, " OR ", phrase(term.text));
    return expression;
}

std::string every_word(const std::vector<std::string>& words, const std::string& beginning) {
    std::string expression;
    if (words.empty() || beginning.empty()) return expression;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) add(expression, " AND ", quoted(words[i]));
    add(expression, " AND ", beginning);
    return expression;
}

std::string quoted(const std::string& words) { return '"' + words + '"'; }

}  // namespace movio::fts5
