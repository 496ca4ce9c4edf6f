#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/licence.hpp"
#include "catalog/video_view.hpp"

namespace movio::embedding {

struct Size {
    int width = 640;
    int height = 360;
};
// As large as it may be within the bounds, in the same shape; at least one pixel each way.
Size fitted(Size size, std::optional<std::int64_t> width_max, std::optional<std::int64_t> height_max);

// What pages and services of others are told of a film. All addresses are absolute.
struct FilmCard {
    std::string title;
    std::string description;
    std::int64_t duration_ms = 0;               // 0: not known yet
    Size size;                                  // of the best rung there is
    bool listed = false;                        // search engines may show it
    std::string attribution;                    // whom those who show it name; may be empty
    const catalog::Licence* licence = nullptr;  // nullptr: nothing is said of one
    std::string watch_url;
    std::string embed_url;
    std::optional<std::string> poster_url;
    Size poster_size;
};
// `base_url` is that of this server, without a '/' at its end.
FilmCard card_of(const catalog::VideoView& view, std::string_view base_url);

// The HTML by which a page shows the player at `embed_url`.
std::string iframe(std::string_view embed_url, std::string_view title, Size size);

}  // namespace movio::embedding
