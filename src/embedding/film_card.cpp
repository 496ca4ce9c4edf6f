#include "embedding/film_card.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/json.hpp"
#include "embedding/markup.hpp"

namespace movio::embedding {
namespace {

constexpr int kPosterWidthMax = 1280;  // as processing makes it

int at_least_one(std::int64_t value) { return static_cast<int>(std::max<std::int64_t>(value, 1)); }

Size best_rung(const std::string& rungs_json) {
    Size best;
    std::int64_t pixels = 0;
    const auto rungs = JsonView::parse(rungs_json);
    for (std::size_t i = 0; rungs && i < rungs->size(); ++i) {
        const auto width = rungs->at(i).integer_or("width", 0);
        const auto height = rungs->at(i).integer_or("height", 0);
        if (width <= 0 || height <= 0 || width * height <= pixels) continue;
        pixels = width * height;
        best = {static_cast<int>(width), static_cast<int>(height)};
    }
    return best;
}

}  // namespace

Size fitted(Size size, std::optional<std::int64_t> width_max, std::optional<std::int64_t> height_max) {
    const auto narrower = [](Size from, std::int64_t width) {
        return Size{at_least_one(width), at_least_one((from.height * width + from.width / 2) / from.width)};
    };
    const auto lower = [](Size from, std::int64_t height) {
        return Size{at_least_one((from.width * height + from.height / 2) / from.height), at_least_one(height)};
    };
    if (width_max && *width_max < size.width) size = narrower(size, *width_max);
    if (height_max && *height_max < size.height) size = lower(size, *height_max);
    return size;
}

FilmCard card_of(const catalog::VideoView& view, std::string_view base_url) {
    const auto& video = view.video;
    FilmCard card;
    card.title = video.title;
    card.description = video.description;
    card.duration_ms = video.duration_ms.value_or(0);
    card.size = best_rung(video.rungs_json);
    card.listed = video.visibility == "public";
    card.attribution = video.attribution;
    card.licence = catalog::find_licence(video.licence);
    card.watch_url = fmt::format("{}/watch/{}", base_url, video.id.text());
    card.embed_url = fmt::format("{}/embed/{}", base_url, video.id.text());
    if (view.playback && view.playback->poster_url) {
        const auto& poster = *view.playback->poster_url;
        card.poster_url = poster.starts_with('/') ? std::string(base_url) + poster : poster;
        card.poster_size = fitted(card.size, kPosterWidthMax, std::nullopt);
    }
    return card;
}

std::string iframe(std::string_view embed_url, std::string_view title, Size size) {
    return fmt::format(R"(<iframe src="{}" title="{}" width="{}" height="{}" style="border:0" loading="lazy" )"
                       R"(referrerpolicy="strict-origin-when-cross-origin" )"
                       R"(allow="autoplay; encrypted-media; fullscreen; picture-in-picture" allowfullscreen></iframe>)",
                       escaped(embed_url), escaped(title), size.width, size.height);
}

}  // namespace movio::embedding
