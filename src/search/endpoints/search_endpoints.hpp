#pragma once
#include "http/router.hpp"
#include "search/search.hpp"

namespace movio::search {

// `GET /api/v2/search` and, as old clients know them, `GET /api/v1/app/search/video-metadata/` and
// `GET /api/v1/app/search/subtitle/`. `search` must outlive the router.
void add_search_endpoints(http::Router& router, Search& search);

}  // namespace movio::search
