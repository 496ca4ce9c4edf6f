#pragma once
#include <memory>
#include <string_view>

#include "access/key_ring.hpp"
#include "access/standing.hpp"
#include "http/gates.hpp"

namespace movio::access {

struct TokenGateOptions {
    bool require_login = false;  // also for what everyone may read, health checks and logging in apart
};

// Finds out who asks: `Authorization: Bearer` (scheme in any case) with an access token, else the session cookie. A
// bearer token that is bad is refused everywhere with 401; a cookie that is bad counts as none. A write by cookie must
// come from our own pages or an allowed origin (403). An endpoint for users refuses strangers (401), one for admins all
// others (403). References outlive the gate.
std::unique_ptr<http::Gate> token_gate(const KeyRing& keys, Standings& standings, TokenGateOptions options);

// "__Host-movio" over TLS (RFC 6265bis §4.1.3.2), "movio" on plain http.
std::string_view session_cookie_name(std::string_view scheme);

}  // namespace movio::access
