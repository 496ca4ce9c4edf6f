#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace movio::access {

// A signed token in its compact form, header.payload.signature (RFC 7515 §7.1), taken apart. Views into the token.
struct CompactToken {
    JsonView header;
    std::string signature;
    std::string_view payload;      // as sent: nothing of it is read before the signature is known to be right
    std::string_view signed_text;  // header and payload with the dot between
};

// nullopt for what has other parts than three, or a header that is no JSON object.
std::optional<CompactToken> split_token(std::string_view token);
// A part that is a JSON object in base64url.
std::optional<JsonView> token_object(std::string_view part);
// A member that is a NumericDate (RFC 7519 §2), in whole seconds.
std::optional<std::int64_t> numeric_date(const JsonView& payload, std::string_view name);

}  // namespace movio::access
