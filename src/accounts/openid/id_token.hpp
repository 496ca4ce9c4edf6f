#pragma once
#include <cstdint>
#include <expected>
#include <string_view>
#include <vector>

#include "access/public_keys.hpp"
#include "base/json.hpp"

namespace movio::accounts {

// What an ID token must say to count.
struct IdTokenRules {
    std::string_view issuer;
    std::string_view client_id;
    std::string_view nonce;
    std::int64_t now_s = 0;
};

enum class IdTokenFault {
    malformed,
    algorithm,
    unknown_key,
    signature,
    issuer,
    audience,  // it is for somebody else
    expired,
    issued,  // in the future, or longer ago than a log-in takes
    nonce,   // it belongs to another log-in
    subject,
};

// "issuer", …: for the log.
std::string_view to_text(IdTokenFault fault);

// The claims of a token that counts by OpenID Connect Core 1.0 §3.1.3.7. Clocks may differ by
// limits::kOpenIdClockSkew. With several audiences, `azp` must name us. At most limits::kIdTokenBytesMax.
std::expected<JsonView, IdTokenFault> check_id_token(std::string_view token, const std::vector<access::PublicKey>& keys,
                                                     const IdTokenRules& rules);

}  // namespace movio::accounts
