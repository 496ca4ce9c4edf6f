#pragma once
#include "catalog/quotas.hpp"
#include "catalog/users.hpp"
#include "http/router.hpp"

namespace movio::app {

// For administrators: GET /api/v2/admin/quotas?user=…, PATCH /api/v2/admin/quotas/{user}. All of it outlives
// the router.
void add_quota_endpoints(http::Router& router, catalog::Quotas& quotas, catalog::Users& users);

}  // namespace movio::app
