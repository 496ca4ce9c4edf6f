// Whatever stands in a header, only a token that we signed counts, and it has one text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "access/base64url.hpp"
#include "access/endpoints/session_cookie.hpp"
#include "access/jwt.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace movio::access;
    static const KeyRing keys(KeyRing::configured("a key that no input knows", {}).value());
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (verify(text, keys, 0)) std::abort();
    if (const auto bytes = from_base64url(text); bytes && base64url(*bytes) != text) std::abort();
    movio::http::Headers headers;
    headers.add("Cookie", text);
    if (const auto value = find_cookie(headers, "movio"); value && value->contains(';')) std::abort();
    return 0;
}
