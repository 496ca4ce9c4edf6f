#pragma once
#include "accounts/account_service.hpp"
#include "catalog/quotas.hpp"
#include "http/router.hpp"

namespace movio::app {

// What `movio user quota` asks over the admin socket: GET and POST /admin/users/{name}/quota. References outlive the
// router.
void add_admin_quota_endpoints(http::Router& router, accounts::AccountService& accounts, catalog::Quotas& quotas);

}  // namespace movio::app
