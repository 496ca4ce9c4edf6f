#include "http/header_value.hpp"

#include <algorithm>

#include "http/headers.hpp"
#include "http/target.hpp"

namespace movio::http {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

// The quoted text that `rest` begins with, taken off it.
std::optional<std::string> take_quoted(std::string_view& rest) {
    std::string out;
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '"') {
            rest.remove_prefix(i + 1);
            return out;
        }
        const bool escapes = rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\');
        if (escapes) ++i;
        out += rest[i];
    }
    return std::nullopt;
}

}  // namespace

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

const std::string* HeaderValue::find(std::string_view name) const {
    const auto found = std::ranges::find(parameters, name, &std::pair<std::string, std::string>::first);
    return found == parameters.end() ? nullptr : &found->second;
}

std::optional<HeaderValue> parse_header_value(std::string_view value) {
    HeaderValue out;
    auto rest = value.substr(std::min(value.size(), value.find(';')));
    out.text = lower(trim(value.substr(0, value.size() - rest.size())));
    while (!rest.empty()) {
        rest = trim(rest.substr(1));  // behind the ';'
        if (rest.empty()) break;
        if (rest.front() == ';') continue;
        const auto equals = rest.find('=');
        if (equals == std::string_view::npos || equals > rest.find(';')) return std::nullopt;
        auto name = lower(trim(rest.substr(0, equals)));
        rest = trim(rest.substr(equals + 1));
        if (rest.starts_with('"')) {
            auto quoted = take_quoted(rest);
            rest = trim(rest);
            if (!quoted || (!rest.empty() && rest.front() != ';')) return std::nullopt;
            out.parameters.emplace_back(std::move(name), std::move(*quoted));
        } else {
            const auto end = std::min(rest.size(), rest.find(';'));
            out.parameters.emplace_back(std::move(name), trim(rest.substr(0, end)));
            rest.remove_prefix(end);
        }
    }
    return out;
}

std::optional<std::string> decode_extended(std::string_view value) {
    const auto charset_end = value.find('\'');
    if (charset_end == std::string_view::npos || !equals_ignoring_case(value.substr(0, charset_end), "utf-8"))
        return std::nullopt;
    const auto language_end = value.find('\'', charset_end + 1);
    if (language_end == std::string_view::npos) return std::nullopt;
    return percent_decode(value.substr(language_end + 1), false);
}

}  // namespace movio::http
