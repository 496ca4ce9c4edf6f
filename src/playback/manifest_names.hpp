#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "playback/film_cache.hpp"

namespace movio::playback {

struct ManifestText {
    std::string content_type;
    std::shared_ptr<const std::string> text;
};

// The manifest of that name in the film's revision ("main.mpd", "main.m3u8", "<rendition>.m3u8",
// "<rendition>-iframes.m3u8", "text-<track>-<version>.m3u8", chapters, storyboard), rendered once for these facts.
// nullopt when the film has none of that name.
std::optional<ManifestText> find_manifest(FilmCache& films, const std::shared_ptr<const FilmFacts>& facts,
                                          std::string_view name);

}  // namespace movio::playback
