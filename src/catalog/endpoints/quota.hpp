#pragma once
#include "catalog/quotas.hpp"
#include "http/router.hpp"

namespace movio::catalog {

// GET /api/v2/quota: what the caller has and may have.
void add_quota_endpoint(http::Router& router, Quotas& quotas);

}  // namespace movio::catalog
