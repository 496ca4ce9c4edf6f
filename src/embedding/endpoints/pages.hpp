#pragma once
#include <string>
#include <string_view>

#include "catalog/catalog.hpp"
#include "catalog/embed_links.hpp"
#include "http/router.hpp"

namespace movio::embedding {

struct PageSettings {
    std::string_view app_page;      // HTML, as long as the program
    std::string_view embed_page;    // the same, with a <script id="film"> of JSON in it
    std::string media_origin = {};  // as http::page_policy has it
    bool login_required = false;    // then strangers are shown and told of nothing
};

// GET /watch/{id}: the app's page, with a head that tells of the film where a stranger may see it.
// GET /embed/{id}: the player alone, for pages of every origin, with what a stranger may see.
// GET /embed/link/{token}: the same by a link, for pages of the origins that it names. By Sec-Fetch-Dest and Referer,
// where they are sent, it is answered to nobody else; `frame-ancestors` makes browsers keep to it.
// The last two look at no cookie, and what cannot be shown is one and the same page, with 404.
void add_page_endpoints(http::Router& router, catalog::Catalog& catalog, catalog::EmbedLinks& links,
                        const PageSettings& settings);

}  // namespace movio::embedding
