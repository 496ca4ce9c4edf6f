#include "accounts/openid/id_token.hpp"

#include <optional>

#include "base/limits.hpp"

namespace movio::accounts {
namespace {

constexpr std::int64_t kSkewS = limits::kOpenIdClockSkew.count();

using Fault = std::optional<IdTokenFault>;

IdTokenFault of_signature(access::SignatureFault fault) {
    switch (fault) {
        case access::SignatureFault::algorithm: return IdTokenFault::algorithm;
        case access::SignatureFault::unknown_key: return IdTokenFault::unknown_key;
        case access::SignatureFault::wrong: return IdTokenFault::signature;
    }
    return IdTokenFault::signature;
}

bool is_for(const JsonView& claims, std::string_view client_id) {
    const auto audience = claims.find("aud");
    if (!audience) return false;
    const auto party = claims.find("azp");
    if (party && party->text() != client_id) return false;
    if (audience->text()) return audience->text() == client_id;
    if (!audience->is_array() || (audience->size() > 1 && !party)) return false;
    for (std::size_t i = 0; i < audience->size(); ++i)
        if (audience->at(i).text() == client_id) return true;
    return false;
}

Fault time_fault(const JsonView& claims, std::int64_t now_s) {
    const auto expires = access::numeric_date(claims, "exp");
    const auto issued = access::numeric_date(claims, "iat");
    if (!expires || !issued) return IdTokenFault::malformed;
    if (*expires + kSkewS <= now_s) return IdTokenFault::expired;
    if (*issued - kSkewS > now_s || *issued + limits::kOpenIdFlowLife.count() + kSkewS < now_s)
        return IdTokenFault::issued;
    if (!claims.find("nbf")) return std::nullopt;
    const auto not_before = access::numeric_date(claims, "nbf");
    if (!not_before) return IdTokenFault::malformed;
    return *not_before - kSkewS > now_s ? Fault(IdTokenFault::issued) : std::nullopt;
}

Fault claims_fault(const JsonView& claims, const IdTokenRules& rules) {
    if (claims.text_or("iss", "") != rules.issuer) return IdTokenFault::issuer;
    if (!is_for(claims, rules.client_id)) return IdTokenFault::audience;
    if (const auto fault = time_fault(claims, rules.now_s)) return fault;
    if (rules.nonce.empty() || claims.text_or("nonce", "") != rules.nonce) return IdTokenFault::nonce;
    const auto subject = claims.text_or("sub", "");
    if (subject.empty() || subject.size() > limits::kOutsideNameMax) return IdTokenFault::subject;
    return std::nullopt;
}

}  // namespace

std::string_view to_text(IdTokenFault fault) {
    switch (fault) {
        case IdTokenFault::malformed: return "malformed";
        case IdTokenFault::algorithm: return "algorithm";
        case IdTokenFault::unknown_key: return "unknown key";
        case IdTokenFault::signature: return "signature";
        case IdTokenFault::issuer: return "issuer";
        case IdTokenFault::audience: return "audience";
        case IdTokenFault::expired: return "expired";
        case IdTokenFault::issued: return "time of issue";
        case IdTokenFault::nonce: return "nonce";
        case IdTokenFault::subject: return "subject";
    }
    return "malformed";
}

std::expected<JsonView, IdTokenFault> check_id_token(std::string_view token, const std::vector<access::PublicKey>& keys,
                                                     const IdTokenRules& rules) {
    if (token.size() > limits::kIdTokenBytesMax) return std::unexpected(IdTokenFault::malformed);
    const auto parts = access::split_token(token);
    if (!parts) return std::unexpected(IdTokenFault::malformed);
    if (const auto fault = access::signature_fault(*parts, keys)) return std::unexpected(of_signature(*fault));
    auto claims = access::token_object(parts->payload);
    if (!claims) return std::unexpected(IdTokenFault::malformed);
    if (const auto fault = claims_fault(*claims, rules)) return std::unexpected(*fault);
    return std::move(*claims);
}

}  // namespace movio::accounts
