#pragma once
#include "catalog/catalog.hpp"
#include "catalog/film_edits.hpp"
#include "http/router.hpp"

namespace movio::catalog {

// GET /api/v2/videos, GET|PATCH|DELETE /api/v2/videos/{id}, POST /api/v2/videos/{id}/restore,
// GET /api/v2/visibilities, GET /api/v2/events?video=…, GET /api/v2/videos/{id}/events. `defaults` are what uploads
// get.
void add_video_endpoints(http::Router& router, Catalog& catalog, FilmEdits& edits, DefaultVisibility defaults);

}  // namespace movio::catalog
