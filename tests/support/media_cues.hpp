#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "base/utf8.hpp"

namespace movio::media::test {

// Whether a cue's text is in the closed subset of WebVTT that cue.hpp promises; written apart from what makes it.
inline bool is_closed_subset(std::string_view text) {
    if (!is_valid_utf8(text) || text.size() > limits::kCueTextBytesMax) return false;
    if (text.find("-->") != std::string_view::npos || text.find("\n\n") != std::string_view::npos) return false;
    if (text.starts_with('\n') || text.ends_with('\n')) return false;
    std::vector<std::string> open;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto c = static_cast<unsigned char>(text[at]);
        if ((c < 0x20 && c != '\n') || c == 0x7F || c == '>') return false;
        if (c == '&') {
            const auto rest = text.substr(at);
            if (!rest.starts_with("&amp;") && !rest.starts_with("&lt;") && !rest.starts_with("&gt;")) return false;
        }
        if (c != '<') continue;
        const auto end = text.find('>', at);
        if (end == std::string_view::npos) return false;
        const std::string inside(text.substr(at + 1, end - at - 1));
        at = end;
        if (inside.starts_with('/')) {
            if (open.empty() || open.back() != inside.substr(1)) return false;
            open.pop_back();
            continue;
        }
        const bool voice =
            inside.starts_with("v ") && inside.size() > 2 && inside.find_first_of("<\n") == std::string::npos;
        const std::set<std::string> names{"b", "i", "u", "ruby", "rt"};
        if (!voice && !names.contains(inside)) return false;
        open.push_back(voice ? "v" : inside);
    }
    return open.empty();
}

}  // namespace movio::media::test
