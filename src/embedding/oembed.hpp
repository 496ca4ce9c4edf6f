#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "embedding/film_card.hpp"

// oEmbed 1.0 (oembed.com): what a page of somebody else asks for when one of our addresses is put into it.
namespace movio::embedding {

// The film of a watch or embed page of the server at `base_url`, by http as by https, or by its path alone. nullopt for
// every other address.
std::optional<VideoId> film_at(std::string_view url, std::string_view base_url);

struct OembedBounds {
    std::optional<std::int64_t> width_max = {};
    std::optional<std::int64_t> height_max = {};
};
// The response of type video (§2.3.4.2).
std::string oembed_json(const FilmCard& card, const OembedBounds& bounds, std::string_view base_url);
std::string oembed_xml(const FilmCard& card, const OembedBounds& bounds, std::string_view base_url);

}  // namespace movio::embedding
