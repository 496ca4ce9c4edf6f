#pragma once
#include <cstdint>
#include <string>

#include "access/key_ring.hpp"
#include "accounts/user.hpp"

namespace movio::accounts {

struct Tokens {
    std::string access;
    std::string refresh;
    std::int64_t lifetime_s = 0;
};

// The two tokens of a log-in that happened at `now_us`, both living `lifetime_s`. `iat` is that second, or the one of
// the user's not-before where that is later: so a log-in right after a change of password counts at once, and tokens
// issued in the same second before it do not. (PyJWT takes a token of a coming second only when that has begun.)
Tokens make_tokens(const User& user, std::int64_t now_us, std::int64_t lifetime_s, const access::KeyRing& keys);

// An access token alone, of a log-in that can be ended.
std::string make_access_token(const User& user, std::int64_t now_us, std::int64_t lifetime_s, const Uuid& session,
                              const access::KeyRing& keys);

}  // namespace movio::accounts
