#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace movio::access {

// What tokens for programs begin with, so that scanners of leaked secrets and people know them.
inline constexpr std::string_view kApiTokenPrefix = "movio_";

// What a program may do for its user, never more than the user may.
struct Scopes {
    bool read = false;    // see what the user sees
    bool upload = false;  // add films
    bool manage = false;  // change and delete, and what administrators may

    auto operator<=>(const Scopes&) const = default;
};

// "read upload", in that order; empty for none.
std::string to_text(const Scopes& scopes);
// Words separated by blanks or commas; nullopt when one is unknown or there is none.
std::optional<Scopes> scopes_from_text(std::string_view text);

}  // namespace movio::access
