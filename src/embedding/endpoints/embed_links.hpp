#pragma once
#include "catalog/catalog.hpp"
#include "catalog/embed_links.hpp"
#include "http/router.hpp"

namespace movio::embedding {

// POST and GET /api/v2/videos/{id}/embed-links, DELETE /api/v2/videos/{id}/embed-links/{link}. Where a log-in is
// required for everything no link would show anything, so none is made (`conflict`).
void add_embed_link_endpoints(http::Router& router, catalog::Catalog& catalog, catalog::EmbedLinks& links,
                              bool login_required);

}  // namespace movio::embedding
