#include "access/jwt.hpp"

#include <array>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "access/base64url.hpp"
#include "access/compact_token.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"

namespace movio::access {
namespace {

constexpr std::size_t kJtiBytesMax = 64;

using Bad = std::unexpected<TokenFault>;

std::string hmac_sha256(std::string_view secret, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes, text.size(), digest.data(),
             &length) == nullptr)
        throw Failure("cannot sign a token: the crypto library refuses");
    return {reinterpret_cast<const char*>(digest.data()), length};
}

bool signs(const SigningKey& key, std::string_view text, std::string_view signature) {
    const auto expected = hmac_sha256(key.secret, text);
    return signature.size() == expected.size() &&
           CRYPTO_memcmp(signature.data(), expected.data(), expected.size()) == 0;
}

bool is_signed(const CompactToken& token, const KeyRing& ring) {
    const auto& header = token.header;
    if (header.text_or("alg", "") != "HS256") return false;
    // Extensions that must be understood (RFC 7515 §4.1.11); we know none.
    if (header.find("crit")) return false;
    const auto keys = ring.keys();
    const auto named = header.find("kid");
    const auto id = named ? named->text() : std::nullopt;
    if (named && !id) return false;
    for (const auto& key : *keys) {
        if (id && *id != key.id) continue;
        if (signs(key, token.signed_text, token.signature)) return true;
    }
    return false;
}

std::optional<std::string> text_or_null(const JsonView& object, std::string_view name) {
    const auto member = object.find(name);
    const auto text = member ? member->text() : std::nullopt;
    return text ? std::optional<std::string>(*text) : std::nullopt;
}

UserData user_data_of(const JsonView& payload) {
    UserData data;
    const auto given = payload.find("user_data");
    if (!given) return data;
    data.first_name = given->text_or("first_name", "");
    data.last_name = given->text_or("last_name", "");
    data.username = text_or_null(*given, "username");
    data.email = given->text_or("email", "");
    data.phone_number = text_or_null(*given, "phone_number");
    return data;
}

std::expected<Claims, TokenFault> claims_of(const JsonView& payload, std::int64_t now_s) {
    Claims claims;
    const auto expires = numeric_date(payload, "exp");
    const auto issued = numeric_date(payload, "iat");
    if (!expires || !issued) return Bad(TokenFault::bad);
    if (*expires <= now_s) return Bad(TokenFault::expired);
    if (payload.find("nbf")) {
        const auto not_before = numeric_date(payload, "nbf");
        if (!not_before || *not_before > now_s) return Bad(TokenFault::bad);
    }
    claims.issued_s = *issued;
    claims.expires_s = *expires;
    const auto type = payload.text_or("token_type", "");
    if (type != "access" && type != "refresh") return Bad(TokenFault::bad);
    claims.type = type == "access" ? TokenType::access : TokenType::refresh;
    const auto user = UserId::parse(payload.text_or("user_id", ""));
    if (!user) return Bad(TokenFault::bad);
    claims.user = *user;
    claims.jti = payload.text_or("jti", "");
    if (claims.jti.size() > kJtiBytesMax) return Bad(TokenFault::bad);
    claims.user_data = user_data_of(payload);
    if (payload.find("sid")) {
        claims.session = Uuid::parse(payload.text_or("sid", ""));
        if (!claims.session) return Bad(TokenFault::bad);
    }
    if (const auto role = payload.find("role")) claims.role = role_from_text(role->text().value_or(""));
    return claims;
}

}  // namespace

std::string sign(const Claims& claims, const KeyRing& keys) {
    const auto ring = keys.keys();
    const auto& key = ring->front();
    JsonWriter header;
    header.begin_object().member("alg", "HS256").member("typ", "JWT").member("kid", key.id).end_object();
    JsonWriter payload;
    payload.begin_object()
        .member("token_type", claims.type == TokenType::access ? "access" : "refresh")
        .member("exp", claims.expires_s)
        .member("iat", claims.issued_s)
        .member("jti", claims.jti)
        .member("user_id", claims.user.text());
    if (claims.session) payload.member("sid", claims.session->text());
    if (claims.role) payload.member("role", to_text(*claims.role));
    payload.key("user_data")
        .begin_object()
        .member("first_name", claims.user_data.first_name)
        .member("last_name", claims.user_data.last_name)
        .member("username", claims.user_data.username)
        .member("email", claims.user_data.email)
        .member("phone_number", claims.user_data.phone_number)
        .end_object();
    payload.end_object();
    const std::string text = base64url(header.take()) + "." + base64url(payload.take());
    return text + "." + base64url(hmac_sha256(key.secret, text));
}

std::expected<Claims, TokenFault> verify(std::string_view token, const KeyRing& keys, std::int64_t now_s) {
    if (token.size() > limits::kTokenBytesMax) return Bad(TokenFault::malformed);
    const auto parts = split_token(token);
    if (!parts) return Bad(TokenFault::malformed);
    // Nothing of the payload is read before it is known to be ours.
    if (!is_signed(*parts, keys)) return Bad(TokenFault::bad);
    const auto payload = token_object(parts->payload);
    if (!payload) return Bad(TokenFault::malformed);
    return claims_of(*payload, now_s);
}

}  // namespace movio::access
