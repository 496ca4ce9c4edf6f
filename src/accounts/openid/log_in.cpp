#include "accounts/openid/log_in.hpp"

#include <array>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "access/base64url.hpp"
#include "access/secret.hpp"
#include "accounts/next_page.hpp"
#include "accounts/openid/claims.hpp"
#include "base/log.hpp"

namespace movio::accounts {
namespace {

constexpr std::string_view kUnreachable = "unreachable";
constexpr std::string_view kRefused = "refused";  // by the person, at the provider
constexpr std::string_view kProvider = "provider";
constexpr std::string_view kNotBegun = "not-begun";
constexpr std::string_view kBadToken = "bad-token";

std::unexpected<OpenIdRefusal> refuse(std::string_view code, std::string next) {
    return std::unexpected(OpenIdRefusal{std::string(code), std::move(next)});
}

std::string_view code_of(const Error& error) { return error.code == ErrorCode::forbidden ? kProvider : kUnreachable; }

void tell(std::string_view event, const Error& error) {
    log_warn(event, {{"reason", error.message}, {"detail", error.detail}});
}

// One log-in that is under way. The cookie is its secret and the page to go on to, "<token>.<page in base64url>".
class Flow {
public:
    explicit Flow(std::string next) : secret_(access::random_token()), next_(std::move(next)) {}

    static std::optional<Flow> of(std::string_view cookie) {
        const auto dot = cookie.find('.');
        if (dot == std::string_view::npos) return std::nullopt;
        const auto secret = access::from_base64url(cookie.substr(0, dot));
        const auto next = access::from_base64url(cookie.substr(dot + 1));
        if (!secret || secret->size() != 32 || !next) return std::nullopt;
        Flow flow(next_page(*next));
        flow.secret_ = cookie.substr(0, dot);
        return flow;
    }

    std::string cookie() const { return secret_ + "." + access::base64url(next_); }
    const std::string& next() const { return next_; }
    std::string state() const { return access::successor_token(secret_, "openid state"); }
    std::string nonce() const { return access::successor_token(secret_, "openid nonce"); }
    std::string verifier() const { return access::successor_token(secret_, "openid verifier"); }

    bool is_of(std::string_view state) const {
        const auto expected = this->state();
        return state.size() == expected.size() && CRYPTO_memcmp(state.data(), expected.data(), expected.size()) == 0;
    }

private:
    std::string secret_;
    std::string next_;
};

// S256 (RFC 7636 §4.2).
std::string challenge_of(const std::string& verifier) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (EVP_Digest(verifier.data(), verifier.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
        throw Failure("cannot begin a log-in: the crypto library refuses");
    return access::base64url({reinterpret_cast<const char*>(digest.data()), length});
}

// The address may have a query of its own (RFC 6749 §3.1).
std::string with_query(const std::string& address, const WebForm& query) {
    return address + (address.contains('?') ? "&" : "?") + encode_form(query);
}

}  // namespace

void OpenIdLogIn::comes_back_to(std::string base_url) {
    const std::scoped_lock lock(mutex_);
    base_url_ = std::move(base_url);
}

std::string OpenIdLogIn::base_url() const {
    const std::scoped_lock lock(mutex_);
    return base_url_;
}

std::string OpenIdLogIn::redirect_address() const { return base_url() + std::string(kOpenIdCallbackPath); }

Awaitable<std::expected<OpenIdLogIn::Begun, OpenIdRefusal>> OpenIdLogIn::begin(std::string next) {
    const auto metadata = co_await provider_->metadata();
    if (!metadata) {
        tell("the OpenID provider cannot be asked", metadata.error());
        co_return refuse(kUnreachable, std::move(next));
    }
    const Flow flow(std::move(next));
    const auto& options = provider_->options();
    Begun begun;
    begun.address = with_query(metadata->authorization_endpoint, {{"response_type", "code"},
                                                                  {"client_id", options.client_id},
                                                                  {"redirect_uri", redirect_address()},
                                                                  {"scope", options.scopes},
                                                                  {"state", flow.state()},
                                                                  {"nonce", flow.nonce()},
                                                                  {"code_challenge", challenge_of(flow.verifier())},
                                                                  {"code_challenge_method", "S256"}});
    begun.cookie = flow.cookie();
    co_return begun;
}

Awaitable<std::expected<OpenIdLogIn::Entered, OpenIdRefusal>> OpenIdLogIn::finish(Answer answer, SessionWish wish) {
    const auto flow = Flow::of(answer.cookie);
    if (!flow || !flow->is_of(answer.state)) co_return refuse(kNotBegun, flow ? flow->next() : "/");
    const auto no = [&flow](std::string_view code) { return refuse(code, flow->next()); };
    const auto metadata = co_await provider_->metadata();
    if (!metadata) {
        tell("the OpenID provider cannot be asked", metadata.error());
        co_return no(kUnreachable);
    }
    // Of another provider that is made to look like this one (RFC 9207 §2.4).
    const bool told = !answer.issuer.empty() || metadata->tells_issuer;
    if (told && answer.issuer != provider_->options().issuer) co_return no(kNotBegun);
    if (!answer.error.empty()) co_return no(answer.error == "access_denied" ? kRefused : kProvider);
    const auto tokens = co_await provider_->redeem(std::move(answer.code), flow->verifier(), redirect_address());
    if (!tokens) {
        tell("the OpenID provider gives no token", tokens.error());
        co_return no(code_of(tokens.error()));
    }
    const auto claims = co_await provider_->claims_of(tokens->id_token, flow->nonce());
    if (!claims) {
        tell("an ID token does not count", claims.error());
        co_return no(claims.error().code == ErrorCode::forbidden ? kBadToken : kUnreachable);
    }
    std::optional<JsonView> more;
    if (!tokens->access_token.empty() && !metadata->user_info_endpoint.empty() &&
        !says_all(*claims, provider_->options())) {
        auto info = co_await provider_->user_info(tokens->access_token, claims->text_or("sub", ""));
        if (!info) {
            tell("the OpenID provider does not say who somebody is", info.error());
            co_return no(code_of(info.error()));
        }
        more = std::move(*info);
    }
    auto in = co_await people_.log_in(person_of(*claims, more, provider_->options()), std::move(wish));
    if (!in) co_return no(to_text(in.error()));
    co_return Entered{std::move(*in), flow->next()};
}

Awaitable<std::string> OpenIdLogIn::log_out_address() {
    const auto metadata = co_await provider_->metadata();
    if (!metadata || metadata->end_session_endpoint.empty()) co_return "/";
    co_return with_query(metadata->end_session_endpoint, {{"client_id", provider_->options().client_id},
                                                          {"post_logout_redirect_uri", base_url() + "/"}});
}

}  // namespace movio::accounts
