#include "http/target.hpp"

#include "base/utf8.hpp"

namespace movio::http {
namespace {

int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Cuts `text` at the first `mark` and returns what stood before it.
std::string_view cut(std::string_view& text, char mark) {
    const auto at = text.find(mark);
    const auto head = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
    return head;
}

bool parse_query(std::string_view text, Parameters& query) {
    while (!text.empty()) {
        auto value = cut(text, '&');
        if (value.empty()) continue;
        const auto name = cut(value, '=');
        auto decoded_name = percent_decode(name, true);
        auto decoded_value = percent_decode(value, true);
        if (!decoded_name || !decoded_value) return false;
        query.add(std::move(*decoded_name), std::move(*decoded_value));
    }
    return true;
}

// What percent_decode() does not simply copy.
constexpr std::string_view kEncoded("%+\0", 3);

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    if (text.find_first_of(kEncoded) == std::string_view::npos) {
        if (!is_valid_utf8(text)) return std::nullopt;
        out = text;
        return out;
    }
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = nibble(text[i + 1]);
            const int low = nibble(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
        if (out.back() == '\0') return std::nullopt;
    }
    if (!is_valid_utf8(out)) return std::nullopt;
    return out;
}

std::string form_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? nibble(text[i + 1]) : -1;
        const int low = high >= 0 ? nibble(text[i + 2]) : -1;
        if (low >= 0) {
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return to_valid_utf8(out);
}

std::optional<Target> parse_target(std::string_view text) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (text.size() < scheme.size() || !equals_ignoring_case(text.substr(0, scheme.size()), scheme)) continue;
        const auto slash = text.find('/', scheme.size());
        text = slash == std::string_view::npos ? std::string_view("/") : text.substr(slash);
        break;
    }
    if (!text.starts_with('/') || text.contains('#')) return std::nullopt;
    Target target;
    auto query = text;
    auto path = cut(query, '?');
    target.path = std::string(path);
    path.remove_prefix(1);
    for (bool last = false; !last;) {
        last = !path.contains('/');
        auto segment = percent_decode(cut(path, '/'), false);
        if (!segment || *segment == "." || *segment == "..") return std::nullopt;
        target.segments.push_back(std::move(*segment));
    }
    if (!parse_query(query, target.query)) return std::nullopt;
    return target;
}

}  // namespace movio::http
