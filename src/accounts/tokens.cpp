#include "accounts/tokens.hpp"

#include <algorithm>

#include "access/jwt.hpp"

namespace movio::accounts {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;

// 32 hexadecimal digits, as uuid4().hex of the original.
std::string make_jti() {
    auto text = Uuid::make().text();
    std::erase(text, '-');
    return text;
}

access::Claims claims_of(const User& user, std::int64_t now_us, std::int64_t lifetime_s) {
    access::Claims claims;
    claims.user = user.id;
    claims.issued_s = std::max(now_us, user.not_before_us) / kSecondUs;
    claims.expires_s = claims.issued_s + lifetime_s;
    claims.user_data = {user.first_name, user.last_name, user.username, user.email, user.phone_number};
    return claims;
}

}  // namespace

std::string make_access_token(const User& user, std::int64_t now_us, std::int64_t lifetime_s, const Uuid& session,
                              const access::KeyRing& keys) {
    auto claims = claims_of(user, now_us, lifetime_s);
    claims.session = session;
    claims.role = user.role;
    claims.jti = make_jti();
    return access::sign(claims, keys);
}

Tokens make_tokens(const User& user, std::int64_t now_us, std::int64_t lifetime_s, const access::KeyRing& keys) {
    auto claims = claims_of(user, now_us, lifetime_s);
    Tokens tokens;
    tokens.lifetime_s = lifetime_s;
    claims.type = access::TokenType::access;
    claims.jti = make_jti();
    tokens.access = access::sign(claims, keys);
    claims.type = access::TokenType::refresh;
    claims.jti = make_jti();
    tokens.refresh = access::sign(claims, keys);
    return tokens;
}

}  // namespace movio::accounts
