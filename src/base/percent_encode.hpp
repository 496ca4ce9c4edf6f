#pragma once
#include <string>
#include <string_view>

namespace movio {

// For one value of a query (RFC 3986 §2.1): everything but unreserved characters is encoded.
std::string percent_encode(std::string_view text);

}  // namespace movio
