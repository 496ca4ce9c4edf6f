#pragma once
#include "http/router.hpp"

namespace movio::access {

// The original's GET /api/v1/common/healthcheck/, which every service has: {"status":"OK"} while it answers at all.
// Once a router.
void add_healthcheck_endpoint(http::Router& router);

}  // namespace movio::access
