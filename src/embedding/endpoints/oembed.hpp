#pragma once
#include "catalog/catalog.hpp"
#include "http/router.hpp"

namespace movio::embedding {

// GET /oembed: of films that a stranger may see by their addresses; of all others what an unknown address gets.
void add_oembed_endpoint(http::Router& router, catalog::Catalog& catalog, bool login_required);

}  // namespace movio::embedding
