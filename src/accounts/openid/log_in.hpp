#pragma once
#include <expected>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/openid/provider.hpp"
#include "accounts/outside_log_ins.hpp"

namespace movio::accounts {

// Why nobody is logged in, as the page says it.
struct OpenIdRefusal {
    std::string code;  // "unreachable", "refused", "provider", "not-begun", "bad-token", and those of OutsideRefusal
    std::string next;
};

// Log-in at an OpenID provider by the authorization code flow (OpenID Connect Core 1.0 §3.1) with PKCE (RFC 7636).
// Nothing is kept of a log-in that is under way: its browser has a cookie with 256 random bits, of which state, nonce
// and the verifier of PKCE are HMACs. So an answer of the provider counts in the browser that asked for it alone, and
// a crash or another process of the same installation loses none. Thread-safe; references outlive it.
class OpenIdLogIn {
public:
    // Without an issuer in the provider's options it is off.
    OpenIdLogIn(OpenIdProvider* provider, OutsideLogIns& people) : provider_(provider), people_(people) {}

    bool is_on() const { return provider_ != nullptr; }
    // Where this server is reached: the provider sends people back there. Never what a client calls it.
    void comes_back_to(std::string base_url);

    struct Begun {
        std::string address;  // the provider's page
        std::string cookie;   // for limits::kOpenIdFlowLife
    };
    // `next`: the page to go on to, as next_page gives it.
    Awaitable<std::expected<Begun, OpenIdRefusal>> begin(std::string next);

    // What the provider sent the browser back with, and the browser's cookie.
    struct Answer {
        std::string code;
        std::string state;
        std::string error;
        std::string issuer;
        std::string cookie;
    };
    struct Entered {
        LoggedIn in;
        std::string next;
    };
    Awaitable<std::expected<Entered, OpenIdRefusal>> finish(Answer answer, SessionWish wish);

    // Where one logs out at the provider, too (OpenID Connect RP-Initiated Logout 1.0 §2), and comes back from; "/"
    // where it offers none.
    Awaitable<std::string> log_out_address();

private:
    std::string redirect_address() const;
    std::string base_url() const;

    OpenIdProvider* provider_;
    OutsideLogIns& people_;
    mutable std::mutex mutex_;
    std::string base_url_;
};

// The last part of the address that the provider sends people back to.
inline constexpr std::string_view kOpenIdCallbackPath = "/api/v2/openid/callback";

}  // namespace movio::accounts
