#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "access/public_keys.hpp"
#include "accounts/openid/id_token.hpp"
#include "accounts/openid/options.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "ports/web_client.hpp"

namespace movio::accounts {

// What a provider says of itself (OpenID Connect Discovery 1.0 §3).
struct ProviderMetadata {
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string jwks_uri;
    std::string user_info_endpoint;    // empty: there is none
    std::string end_session_endpoint;  // the same
    bool takes_basic = true;           // the secret by HTTP's own way; else in the form
    bool tells_issuer = false;         // in its answers, too (RFC 9207 §3)
};

// `unavailable`, with `detail` for the log, where it does not say what it must, by the address that was asked.
Result<ProviderMetadata> read_metadata(const std::string& json, const std::string& issuer);

// What came of a code.
struct ProviderTokens {
    std::string id_token;
    std::string access_token;  // empty: none
};

// A value that was asked for, and when. Thread-safe.
template <class T>
class Kept {
public:
    void keep(T value) {
        const std::scoped_lock lock(mutex_);
        value_ = std::move(value);
        since_us_ = steady_now_us();
    }
    std::optional<T> latest() const {
        const std::scoped_lock lock(mutex_);
        return value_;
    }
    std::optional<T> younger_than(std::chrono::microseconds age) const {
        const std::scoped_lock lock(mutex_);
        return steady_now_us() - since_us_ < age.count() ? value_ : std::nullopt;
    }

private:
    mutable std::mutex mutex_;
    std::optional<T> value_;
    std::int64_t since_us_ = 0;
};

// An OpenID provider as we ask it. What it says of itself and its keys are kept for limits::kProviderKept; keys are
// asked for again when a token is signed by one that nobody knows, at most once in `keys_again`. Errors: `unavailable`
// and others of WebClient where it cannot be asked, `forbidden` where it refuses; `detail` is for the log. Thread-safe;
// references outlive it.
class OpenIdProvider {
public:
    OpenIdProvider(OpenIdOptions options, WebClient& web) : options_(std::move(options)), web_(web) {}

    Awaitable<Result<ProviderMetadata>> metadata();
    // The tokens for a code (Core 1.0 §3.1.3), with the verifier of PKCE (RFC 7636 §4.5).
    Awaitable<Result<ProviderTokens>> redeem(std::string code, std::string verifier, std::string redirect_address);
    // The claims of an ID token that counts. `forbidden` for one that does not.
    Awaitable<Result<JsonView>> claims_of(std::string id_token, std::string nonce);
    // What the userinfo endpoint says of that subject (Core 1.0 §5.3).
    Awaitable<Result<JsonView>> user_info(std::string access_token, std::string subject);

    const OpenIdOptions& options() const { return options_; }

private:
    using Keys = std::shared_ptr<const std::vector<access::PublicKey>>;
    Awaitable<Result<Keys>> keys(bool again);
    Awaitable<Result<Keys>> fetch_keys();

    OpenIdOptions options_;
    WebClient& web_;
    Kept<ProviderMetadata> metadata_;
    Kept<Keys> keys_;
};

}  // namespace movio::accounts
