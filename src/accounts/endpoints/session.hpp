#pragma once
#include "accounts/account_service.hpp"
#include "http/router.hpp"

namespace movio::accounts {

// POST /api/v2/users, and POST, GET and DELETE /api/v2/session: what a browser logs in by. The service outlives the
// router.
void add_session_endpoints(http::Router& router, AccountService& accounts);

}  // namespace movio::accounts
