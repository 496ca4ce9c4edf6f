#include "search/highlight.hpp"

#include <algorithm>

#include "search/search_text.hpp"

namespace movio::search {
namespace {

constexpr std::string_view kCut = "…";
constexpr std::size_t kLeadShare = 4;  // of the part shown, what stands before the first word found

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

void escape(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
}

class Matcher {
public:
    explicit Matcher(const std::vector<std::string>& words) {
        for (const auto& word : words) folds_.push_back(fold(word));
        if (!words.empty() && may_be_beginning(words.back())) beginning_ = folds_.back();
    }
    bool matches(std::string_view word) const {
        const std::string folded = fold(word);
        if (std::ranges::find(folds_, folded) != folds_.end()) return true;
        return !beginning_.empty() && folded.starts_with(beginning_);
    }

private:
    std::vector<std::string> folds_;
    std::string beginning_;
};

// How many bytes the first `characters` characters take.
std::size_t bytes_of(std::string_view text, std::size_t characters) {
    std::size_t at = 0;
    while (at < text.size() && (!begins_character(text[at]) || characters-- > 0)) ++at;
    return at;
}

// The bytes of the text that are shown: whole words around `focus`, at most `characters_max` characters.
WordSpan window(std::string_view text, std::size_t focus, const std::vector<WordSpan>& words,
                std::size_t characters_max) {
    if (count_characters(text) <= characters_max) return {0, text.size()};
    WordSpan shown{focus, focus};
    // A few words before the one found.
    for (auto word = words.rbegin(); word != words.rend(); ++word) {
        if (word->begin >= focus) continue;
        if (count_characters(text.substr(word->begin, focus - word->begin)) > characters_max / kLeadShare) break;
        shown.begin = word->begin;
    }
    for (const auto& word : words) {
        if (word.end <= focus) continue;
        if (count_characters(text.substr(shown.begin, word.end - shown.begin)) > characters_max) break;
        shown.end = word.end;
    }
    if (shown.end == focus) shown.end = shown.begin + bytes_of(text.substr(shown.begin), characters_max);
    return shown;
}

}  // namespace

Highlighted highlight(std::string_view text, const std::vector<std::string>& words, std::size_t characters_max) {
    const Matcher matcher(words);
    const auto all = words_of(text);
    std::vector<WordSpan> found;
    for (const auto& word : all)
        if (matcher.matches(text.substr(word.begin, word.end - word.begin))) found.push_back(word);
    const auto shown = window(text, found.empty() ? 0 : found.front().begin, all, characters_max);

    Highlighted out;
    const bool cut_before = shown.begin > 0;
    const bool cut_behind = shown.end < text.size();
    if (cut_before) out.text = out.html = kCut;
    out.text += text.substr(shown.begin, shown.end - shown.begin);
    std::size_t at = shown.begin;
    for (const auto& word : found) {
        if (word.begin < shown.begin || word.end > shown.end) continue;
        escape(out.html, text.substr(at, word.begin - at));
        out.html += "<mark>";
        escape(out.html, text.substr(word.begin, word.end - word.begin));
        out.html += "</mark>";
        at = word.end;
    }
    escape(out.html, text.substr(at, shown.end - at));
    if (cut_behind) {
        out.text += kCut;
        out.html += kCut;
    }
    return out;
}

}  // namespace movio::search
