#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace movio::catalog {

// The origin (RFC 6454 §6.2) that somebody names: "https://School.example/" -> "https://school.example". In lower case
// and without the scheme's own port, as `http::origin_of` writes what a browser says. Of letters, digits, '-', '.' and
// one port, or an IPv6 address, so that it can stand in a header field. nullopt for anything else: no path, no user, no
// wildcard.
std::optional<std::string> web_origin(std::string_view text);

}  // namespace movio::catalog
