#pragma once
#include "accounts/email_checks.hpp"
#include "http/router.hpp"

namespace movio::accounts {

// POST /api/v2/auth/email-check/confirm, /api/v2/me/email-check and /api/v2/me/email. The service outlives the router.
void add_email_check_endpoints(http::Router& router, EmailChecks& checks);

}  // namespace movio::accounts
