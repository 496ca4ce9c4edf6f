#pragma once
#include "accounts/account_service.hpp"
#include "accounts/log_in_ways.hpp"
#include "http/router.hpp"

namespace movio::accounts {

// POST /api/v2/users, POST, GET and DELETE /api/v2/session, and GET /api/v2/session/ways: what a browser logs in by.
// The service outlives the router.
void add_session_endpoints(http::Router& router, AccountService& accounts, const LogInWays& ways = {});

}  // namespace movio::accounts
