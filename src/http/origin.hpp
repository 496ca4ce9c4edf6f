#pragma once
#include <string>
#include <string_view>

namespace movio::http {

// Scheme, host and port of an address, in lower case and without the scheme's own port, so that equal origins are equal
// texts (RFC 6454 §6.2): "HTTPS://Films.example:443/path" -> "https://films.example". Empty for what has no "://".
std::string origin_of(std::string_view url);

}  // namespace movio::http
