#pragma once
#include "catalog/v1_films.hpp"
#include "http/router.hpp"

namespace movio::catalog {

// GET /api/v1/app/stream/video-metadata/<uuid>/ and GET /api/v1/app/stream/videos/all/?page=N, as the original has
// them.
void add_v1_video_endpoints(http::Router& router, V1Films& films);

}  // namespace movio::catalog
