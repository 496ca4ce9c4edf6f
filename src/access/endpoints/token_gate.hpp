#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "access/endpoints/session_cookie.hpp"
#include "access/grants.hpp"
#include "access/key_ring.hpp"
#include "access/standing.hpp"
#include "http/gates.hpp"

namespace movio::access {

struct TokenGateOptions {
    // Also for what everyone may read; health checks, logging in and everything that is neither API nor media apart.
    bool require_login = false;
    // Pages of these origins ("https://films.example") may write by cookie, as our own may.
    std::vector<std::string> allowed_origins = {};
    // Of users that this service has not heard of (yet).
    Role unheard_role = Role::uploader;
    bool unheard_email_checked = true;
};

// Finds out who asks: `Authorization: Bearer` (scheme in any case) with an access token, else the session cookie. A
// bearer token that is bad is refused everywhere with 401; a cookie that is bad counts as none. A write by cookie must
// come from our own pages or an allowed origin (403): by Sec-Fetch-Site, and where a browser does not send that by
// Origin. An endpoint for users refuses strangers (401), one for uploaders, moderators or admins also those who have a
// lesser role (403), one for uploaders those, too, whose e-mail address is not checked yet.
// A token for programs ("movio_…") is taken as a bearer alone, and where its scopes allow it (403): reading needs
// `read`, adding films `upload`, all other writes and an administrator's rights `manage`. A token counts when the
// second after its `iat` lies behind the user's not-before, because `iat` was cut to seconds; accounts sets not-before
// to full seconds; and as long as the log-in that it belongs to has not ended. `Refusal::instance` of 401 is
// "jwt-header-malformed", "jwt-signature-expired" or "jwt-decode-error". `caller_counts` of the context says no once
// the token has run out or would be refused, or an admin or a moderator is one no more. References outlive the gate.
std::unique_ptr<http::Gate> token_gate(const KeyRing& keys, Standings& standings, Grants& grants,
                                       TokenGateOptions options);

}  // namespace movio::access
