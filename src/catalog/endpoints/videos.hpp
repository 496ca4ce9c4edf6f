#pragma once
#include "catalog/catalog.hpp"
#include "http/router.hpp"

namespace movio::catalog {

// GET /api/v2/videos, GET /api/v2/videos/{id}, GET /api/v2/events?video=…, GET /api/v2/videos/{id}/events.
void add_video_endpoints(http::Router& router, Catalog& catalog);

}  // namespace movio::catalog
