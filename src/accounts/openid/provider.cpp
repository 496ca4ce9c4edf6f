#include "accounts/openid/provider.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "base/percent_encode.hpp"

namespace movio::accounts {
namespace {

constexpr std::chrono::microseconds kKept = limits::kProviderKept;
constexpr std::string_view kWellKnown = "/.well-known/openid-configuration";
constexpr std::size_t kToldBytesMax = 100;  // of what it says of its refusal

std::unexpected<Error> unusable(std::string detail) {
    return fail(ErrorCode::unavailable, "The provider says nothing that could be used.", std::move(detail));
}

// Names of errors (RFC 6749 §5.2), and nothing that a provider could write into our log beyond that.
std::string told(const JsonView& body) {
    auto text = body.text_or("error", "").substr(0, kToldBytesMax);
    std::erase_if(text, [](char c) { return c < 0x20 || c == 0x7f; });
    return text.empty() ? "no reason" : text;
}

Result<JsonView> object_in(const WebAnswer& answer, std::string_view what) {
    auto body = JsonView::parse(answer.body);
    if (answer.status != 200) {
        const auto why = body && body->is_object() ? told(*body) : std::string("no reason");
        // What it refuses by these it will refuse again.
        const bool refused = answer.status >= 400 && answer.status < 500 && answer.status != 429;
        return fail(refused ? ErrorCode::forbidden : ErrorCode::unavailable, "The provider refuses.",
                    fmt::format("{}: status {}, {}", what, answer.status, why));
    }
    if (!body || !body->is_object()) return unusable(fmt::format("{}: no JSON object", what));
    return std::move(*body);
}

bool lists(const JsonView& document, std::string_view name, std::string_view value) {
    const auto list = document.find(name);
    for (std::size_t i = 0; list && i < list->size(); ++i)
        if (list->at(i).text() == value) return true;
    return false;
}

}  // namespace

Result<ProviderMetadata> read_metadata(const std::string& json, const std::string& issuer) {
    const auto document = JsonView::parse(json);
    if (!document || !document->is_object()) return unusable("discovery: no JSON object");
    // Else whoever has the document could speak for another provider (Discovery 1.0 §4.3).
    if (document->text_or("issuer", "") != issuer) return unusable("discovery: it is of another issuer");
    ProviderMetadata metadata;
    metadata.authorization_endpoint = document->text_or("authorization_endpoint", "");
    metadata.token_endpoint = document->text_or("token_endpoint", "");
    metadata.jwks_uri = document->text_or("jwks_uri", "");
    metadata.user_info_endpoint = document->text_or("userinfo_endpoint", "");
    metadata.end_session_endpoint = document->text_or("end_session_endpoint", "");
    for (const auto* needed : {&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri})
        if (!may_be_asked(*needed)) return unusable("discovery: an endpoint is missing, or neither https nor here");
    for (auto* optional : {&metadata.user_info_endpoint, &metadata.end_session_endpoint})
        if (!may_be_asked(*optional)) optional->clear();
    // Not said is client_secret_basic (Discovery 1.0 §3).
    metadata.takes_basic = !document->find("token_endpoint_auth_methods_supported") ||
                           lists(*document, "token_endpoint_auth_methods_supported", "client_secret_basic");
    metadata.tells_issuer = document->boolean_or("authorization_response_iss_parameter_supported", false);
    return metadata;
}

namespace {

Result<ProviderMetadata> metadata_in(const Result<WebAnswer>& answer, const std::string& issuer) {
    if (!answer) return std::unexpected(answer.error());
    if (const auto document = object_in(*answer, "discovery"); !document) return std::unexpected(document.error());
    return read_metadata(answer->body, issuer);
}

}  // namespace

Awaitable<Result<ProviderMetadata>> OpenIdProvider::metadata() {
    if (auto young = metadata_.younger_than(kKept)) co_return std::move(*young);
    std::string_view base = options_.issuer;
    if (base.ends_with('/')) base.remove_suffix(1);
    WebRequest request;
    request.url = fmt::format("{}{}", base, kWellKnown);
    const auto answer = co_await web_.ask(std::move(request));
    auto read = metadata_in(answer, options_.issuer);
    if (read) metadata_.keep(*read);
    // What it said an hour ago is worth more than nothing.
    if (auto old = metadata_.latest(); !read && old) co_return std::move(*old);
    co_return read;
}

Awaitable<Result<ProviderTokens>> OpenIdProvider::redeem(std::string code, std::string verifier,
                                                         std::string redirect_address) {
    const auto known = co_await metadata();
    if (!known) co_return std::unexpected(known.error());
    WebRequest request{.url = known->token_endpoint};
    request.form = WebForm{{"grant_type", "authorization_code"},
                           {"code", std::move(code)},
                           {"redirect_uri", std::move(redirect_address)},
                           {"code_verifier", std::move(verifier)}};
    if (options_.client_secret.empty()) {
        request.form->emplace_back("client_id", options_.client_id);
    } else if (known->takes_basic) {
        // Both are encoded before they are put together (RFC 6749 §2.3.1).
        request.user = percent_encode(options_.client_id);
        request.password = percent_encode(options_.client_secret);
    } else {
        request.form->emplace_back("client_id", options_.client_id);
        request.form->emplace_back("client_secret", options_.client_secret);
    }
    const auto answer = co_await web_.ask(std::move(request));
    if (!answer) co_return std::unexpected(answer.error());
    const auto body = object_in(*answer, "token endpoint");
    if (!body) co_return std::unexpected(body.error());
    ProviderTokens tokens{body->text_or("id_token", ""), body->text_or("access_token", "")};
    if (tokens.id_token.empty()) co_return unusable("token endpoint: no ID token");
    co_return tokens;
}

Awaitable<Result<JsonView>> OpenIdProvider::claims_of(std::string id_token, std::string nonce) {
    IdTokenRules rules{.issuer = options_.issuer, .client_id = options_.client_id, .nonce = nonce};
    for (const bool again : {false, true}) {
        const auto known = co_await keys(again);
        if (!known) co_return std::unexpected(known.error());
        rules.now_s = wall_now_us() / 1'000'000;
        auto claims = check_id_token(id_token, **known, rules);
        if (claims) co_return std::move(*claims);
        const auto fault = claims.error();
        // There may be new keys, also under a name of before.
        const bool by_new_key = fault == IdTokenFault::unknown_key || fault == IdTokenFault::signature;
        if (again || !by_new_key)
            co_return fail(ErrorCode::forbidden, "The ID token does not count.",
                           fmt::format("ID token: {}", to_text(fault)));
    }
    co_return unusable("ID token");
}

Awaitable<Result<JsonView>> OpenIdProvider::user_info(std::string access_token, std::string subject) {
    const auto known = co_await metadata();
    if (!known) co_return std::unexpected(known.error());
    WebRequest request;
    request.url = known->user_info_endpoint;
    request.bearer = std::move(access_token);
    const auto answer = co_await web_.ask(std::move(request));
    if (!answer) co_return std::unexpected(answer.error());
    auto body = object_in(*answer, "userinfo endpoint");
    if (!body) co_return body;
    if (body->text_or("sub", "") != subject)
        co_return fail(ErrorCode::forbidden, "The provider speaks of somebody else.",
                       "userinfo endpoint: another subject");
    co_return body;
}

Awaitable<Result<OpenIdProvider::Keys>> OpenIdProvider::keys(bool again) {
    if (auto young = keys_.younger_than(again ? options_.keys_again : kKept)) co_return std::move(*young);
    auto fetched = co_await fetch_keys();
    if (fetched) keys_.keep(*fetched);
    if (auto old = keys_.latest(); !fetched && old) co_return std::move(*old);
    co_return fetched;
}

Awaitable<Result<OpenIdProvider::Keys>> OpenIdProvider::fetch_keys() {
    const auto known = co_await metadata();
    if (!known) co_return std::unexpected(known.error());
    WebRequest request;
    request.url = known->jwks_uri;
    const auto answer = co_await web_.ask(std::move(request));
    if (!answer) co_return std::unexpected(answer.error());
    const auto set = object_in(*answer, "keys");
    if (!set) co_return std::unexpected(set.error());
    co_return std::make_shared<const std::vector<access::PublicKey>>(access::public_keys(*set));
}

}  // namespace movio::accounts
