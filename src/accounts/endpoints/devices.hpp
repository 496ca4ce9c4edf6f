#pragma once
#include "accounts/account_service.hpp"
#include "http/router.hpp"

namespace movio::accounts {

// GET and DELETE /api/v2/sessions, DELETE /api/v2/sessions/{id}: where one is logged in, and logging out there. The
// service outlives the router.
void add_device_endpoints(http::Router& router, AccountService& accounts);

}  // namespace movio::accounts
