#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.hpp"

namespace movio::http {

// `%41` → `A`; nullopt for a broken escape, a NUL byte or text that is not UTF-8. `plus_is_space` as forms write
// queries.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

// The name or value of a form as browsers write it. Never fails: a broken escape stands for itself, what is not UTF-8
// becomes U+FFFD (WHATWG URL §5.1).
std::string form_decode(std::string_view text);

struct Target {
    std::string path;  // as sent
    std::vector<std::string> segments;
    Parameters query;
};

// An origin-form or absolute-form request target (RFC 9112 §3.2). The path is split before it is decoded, so an encoded
// slash stays inside its part; "." and ".." are refused, encoded or not. Queries are taken as browsers send them, which
// is wider than RFC 3986 (`|`, `[`, `"`), so no URL parser is used.
std::optional<Target> parse_target(std::string_view text);

}  // namespace movio::http
