#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace movio::http {

// Without blanks at both ends.
std::string_view trim(std::string_view text);

// A field's value with parameters: Content-Type, Content-Disposition (RFC 9110 §5.6.6, RFC 6266 §4.1).
struct HeaderValue {
    std::string text;                                             // before the parameters, in lower case
    std::vector<std::pair<std::string, std::string>> parameters;  // names in lower case, values without their quotes

    // The first of that name; null when there is none.
    const std::string* find(std::string_view name) const;
};

// Wider than the standards where clients are: values without quotes may hold any character but ';', and a backslash in
// quotes stands for itself unless '"' or another one follows (paths of Windows). nullopt for a parameter without '=' or
// a quote that does not end.
std::optional<HeaderValue> parse_header_value(std::string_view value);

// `UTF-8''na%C3%AFve` → `naïve` (RFC 8187 §3.2); nullopt for what is not that, other character sets included.
std::optional<std::string> decode_extended(std::string_view value);

}  // namespace movio::http
