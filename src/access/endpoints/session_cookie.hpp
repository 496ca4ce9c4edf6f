#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/headers.hpp"

// The cookie of a browser that has logged in. Its value is an access token; scripts cannot read it.
namespace movio::access {

// "__Host-movio" over TLS (RFC 6265bis §4.1.3.2), "movio" on plain http.
std::string_view session_cookie_name(std::string_view scheme);

// The first cookie of that name (RFC 6265 §5.4), without the quotes that may stand around its value.
std::optional<std::string_view> find_cookie(const http::Headers& headers, std::string_view name);

// The value of Set-Cookie that begins a session of so many seconds, and of the one that ends it.
std::string session_cookie(std::string_view scheme, std::string_view token, std::int64_t seconds);
std::string ended_session_cookie(std::string_view scheme);

// The same of the cookie by which a browser is known again that comes back from an OpenID provider: Lax cookies are
// sent when a page of another site leads here.
std::string_view flow_cookie_name(std::string_view scheme);
std::string flow_cookie(std::string_view scheme, std::string_view value, std::int64_t seconds);
std::string ended_flow_cookie(std::string_view scheme);

}  // namespace movio::access
