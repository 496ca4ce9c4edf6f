#pragma once
#include <string>
#include <string_view>

#include "embedding/film_card.hpp"

namespace movio::embedding {

// What the head of a film's page says to those who do not run scripts: Open Graph (ogp.me) and Twitter cards for
// previews, links for oEmbed discovery (§4). A film that is not listed asks search engines to leave it out.
std::string page_head(const FilmCard& card, std::string_view base_url);

}  // namespace movio::embedding
