#pragma once
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "access/key_ring.hpp"
#include "access/role.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

// JSON Web Tokens as the original auth service makes them (RFC 7519; HS256 of RFC 7518 §3.2 only).
namespace movio::access {

enum class TokenType { access, refresh };

// `user_data` of the original, shown by old clients. Absent texts are null.
struct UserData {
    std::string first_name;
    std::string last_name;
    std::optional<std::string> username;
    std::string email;
    std::optional<std::string> phone_number;
};

struct Claims {
    TokenType type = TokenType::access;
    UserId user;
    std::int64_t issued_s = 0;   // iat, Unix seconds
    std::int64_t expires_s = 0;  // exp
    std::string jti;             // 32 hex digits
    UserData user_data;
    std::optional<Uuid> session;  // sid: the log-in it belongs to; none in v1's
    std::optional<Role> role;     // as it was then; counts until this service has heard of the user; none in v1's
};

// `malformed` is no token at all, `bad` one that is not ours or lacks what it needs.
enum class TokenFault { malformed, expired, bad };

// Signed with the ring's active key, whose id goes into the header as `kid`.
std::string sign(const Claims& claims, const KeyRing& keys);

// Checks form, algorithm, signature (the key named by `kid`; without `kid` every key), `exp`, `nbf` and the claims it
// needs; `user_data` and `jti` may be missing. A token of at most limits::kTokenBytesMax.
std::expected<Claims, TokenFault> verify(std::string_view token, const KeyRing& keys, std::int64_t now_s);

}  // namespace movio::access
