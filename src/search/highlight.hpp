#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace movio::search {

struct Highlighted {
    std::string text;  // the whole, or the part around the first word found, with "…" where it was cut
    std::string html;  // the same, escaped (HTML §13.3), the words found inside <mark>
};

// `words` as from query_words; the last one may be the beginning of a word. What is compared is the fold, so every
// spelling that an index takes for the same is marked. A text of more than `characters_max` characters is cut between
// words. Pure.
Highlighted highlight(std::string_view text, const std::vector<std::string>& words, std::size_t characters_max);

}  // namespace movio::search
