#pragma once
#include "accounts/account_service.hpp"
#include "http/router.hpp"

namespace movio::accounts {

// PATCH and DELETE /api/v2/me: what people change of their own accounts, and their end.
void add_me_endpoints(http::Router& router, AccountService& accounts);

}  // namespace movio::accounts
