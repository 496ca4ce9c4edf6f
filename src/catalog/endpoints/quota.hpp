#pragma once
#include "catalog/quotas.hpp"
#include "http/router.hpp"

namespace movio::catalog {

// The schema `Quota`.
void write(JsonWriter& json, const QuotaState& state);

// GET /api/v2/quota: what the caller has and may have.
void add_quota_endpoint(http::Router& router, Quotas& quotas);

}  // namespace movio::catalog
