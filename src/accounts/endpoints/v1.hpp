#pragma once
#include "accounts/account_service.hpp"
#include "http/router.hpp"

namespace movio::accounts {

// The original's POST /api/v1/auth/signup/, login/ and get-token/. The service outlives the router.
void add_v1_endpoints(http::Router& router, AccountService& accounts);

}  // namespace movio::accounts
