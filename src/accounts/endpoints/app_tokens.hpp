#pragma once
#include "accounts/account_service.hpp"
#include "http/router.hpp"

namespace movio::accounts {

// POST /api/v2/tokens and /api/v2/tokens/refresh: how an app logs a person in, and stays so. The service outlives the
// router.
void add_app_token_endpoints(http::Router& router, AccountService& accounts);

}  // namespace movio::accounts
