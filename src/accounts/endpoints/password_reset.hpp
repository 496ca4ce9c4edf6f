#pragma once
#include "accounts/password_resets.hpp"
#include "http/router.hpp"

namespace movio::accounts {

// POST /api/v2/auth/password-reset and /api/v2/auth/password-reset/confirm. The service outlives the router.
void add_password_reset_endpoints(http::Router& router, PasswordResets& resets);

}  // namespace movio::accounts
