#include "media/format/look.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "media/format/json_fields.hpp"

namespace movio::media {

namespace {

constexpr int kBlackShare = 980;    // thousandths; subtitles and logos stay on black pictures
constexpr int kMostlyBlack = 600;   // a night scene is not, titles on black are
constexpr int kBlankContrast = 12;  // a wall, the sky, a fade
constexpr int kNoDetail = 4;        // a quarter of a level
// Sharpness goes with contrast, so it is their ratio that tells. Seen on real films and on the same ones behind a wide
// Gaussian: a fifth to one and more sharp, a twentieth to a tenth blurred.
constexpr int kBlurredBelow = 8;  // an eighth
constexpr int kSharpFrom = 4;     // a quarter
constexpr int kDetailEnough = 80;
constexpr int kContrastEnough = 60;
constexpr std::int64_t kBlackMsMin = 500;
constexpr std::size_t kSpansMax = 4096;
constexpr std::int64_t kFramesMax = limits::kDurationSecondsMax * 60;

PictureFigures read_figures(const JsonView& element, JsonFields& fields) {
    PictureFigures figures;
    const bool four = element.is_array() && element.size() == 4;
    int* const targets[] = {&figures.luma, &figures.contrast, &figures.sharpness, &figures.black};
    constexpr std::int64_t kMost[] = {255, 255, 255 * 16, 1000};
    for (std::size_t i = 0; i < 4; ++i) {
        const auto value = four ? element.at(i).integer() : std::nullopt;
        if (!value || *value < 0 || *value > kMost[i]) {
            fields.fail("tiles", "four small numbers are expected");
            break;
        }
        *targets[i] = static_cast<int>(*value);
    }
    return figures;
}

void read_spans(JsonFields& fields, Look& look) {
    fields.each_value("black", kSpansMax, [&](const JsonView& element) {
        const bool pair = element.is_array() && element.size() == 2;
        const auto first = pair ? element.at(0).integer() : std::nullopt;
        const auto end = pair ? element.at(1).integer() : std::nullopt;
        const auto least = look.black.empty() ? look.span.first : look.black.back().end;
        if (!first || !end || *first < least || *end <= *first || *end > look.span.end)
            return fields.fail("black", "must rise within the span");
        look.black.push_back({*first, *end});
    });
}

std::vector<FrameSpan> joined(std::vector<FrameSpan> spans) {
    std::ranges::sort(spans);
    std::vector<FrameSpan> whole;
    for (const auto& span : spans) {
        if (!whole.empty() && span.first <= whole.back().end)
            whole.back().end = std::max(whole.back().end, span.end);
        else
            whole.push_back(span);
    }
    return whole;
}

std::optional<std::int64_t> best_of(const std::vector<std::optional<PictureFigures>>& figures, std::size_t first,
                                    std::size_t end) {
    std::optional<std::int64_t> best;
    std::int64_t best_score = 0;
    for (auto tile = first; tile < end; ++tile) {
        const auto score = figures[tile] ? poster_score(*figures[tile]) : 0;
        if (score <= best_score) continue;
        best_score = score;
        best = static_cast<std::int64_t>(tile);
    }
    return best;
}

}  // namespace

bool is_black(const PictureFigures& figures) { return figures.black >= kBlackShare; }

std::int64_t poster_score(const PictureFigures& figures) {
    const bool blank = figures.contrast < kBlankContrast || figures.sharpness < kNoDetail;
    const bool blurred = figures.sharpness * kBlurredBelow < figures.contrast;
    if (blank || blurred || figures.black > kMostlyBlack) return 0;
    // Neither as dark as night nor as bright as snow; beyond enough, more contrast or detail is no better.
    const std::int64_t exposure = 160 - std::abs(figures.luma - 118);
    const std::int64_t contrast = std::min(figures.contrast, kContrastEnough);
    const std::int64_t detail = std::min(figures.sharpness, kDetailEnough);
    return exposure * contrast * detail * (1000 - figures.black / 2) / 1000;
}

bool is_good_poster(const PictureFigures& figures) {
    return poster_score(figures) > 0 && figures.sharpness * kSharpFrom >= figures.contrast && figures.contrast >= 30 &&
           figures.luma >= 50 && figures.luma <= 200;
}

std::string to_json(const Look& look) {
    JsonWriter writer;
    writer.begin_object().member("first_frame", look.span.first).member("end_frame", look.span.end);
    writer.member("first_tile", look.first_tile).key("tiles").begin_array();
    for (const auto& tile : look.tiles) {
        writer.begin_array().value(tile.luma).value(tile.contrast).value(tile.sharpness).value(tile.black);
        writer.end_array();
    }
    writer.end_array().key("black").begin_array();
    for (const auto& span : look.black) writer.begin_array().value(span.first).value(span.end).end_array();
    writer.end_array().end_object();
    return writer.take();
}

Result<Look> look_from_json(std::string_view text) {
    const auto document = parse_document(text, "The figures of a stretch");
    if (!document) return std::unexpected(document.error());
    std::optional<Error> failure;
    JsonFields fields(*document, "The figures of a stretch", failure);
    Look look;
    look.span.first = fields.integer("first_frame", 0, kFramesMax);
    look.span.end = fields.integer("end_frame", look.span.first, kFramesMax);
    look.first_tile = fields.integer("first_tile", 0, limits::kStoryboardTilesMax);
    fields.each_value("tiles", limits::kStripTilesMax,
                      [&](const JsonView& element) { look.tiles.push_back(read_figures(element, fields)); });
    read_spans(fields, look);
    if (failure) return std::unexpected(*failure);
    return look;
}

std::optional<std::vector<Stretch>> black_stretches(const Plan& plan, const std::vector<Look>& looks) {
    std::vector<FrameSpan> seen;
    std::vector<FrameSpan> black;
    for (const auto& look : looks) {
        if (look.span.end > look.span.first) seen.push_back(look.span);
        black.insert(black.end(), look.black.begin(), look.black.end());
    }
    seen = joined(std::move(seen));
    const auto& grid = plan.grid;
    if (seen.size() != 1 || seen.front().first > 0 || seen.front().end < grid.frames_total()) return std::nullopt;
    const auto ms = [&grid](std::int64_t frame) { return scale(frame, grid.frame_ticks() * 1000, grid.timescale()); };
    std::vector<Stretch> stretches;
    for (const auto& span : joined(std::move(black))) {
        const Stretch stretch{ms(span.first), ms(span.end)};
        if (stretch.end_ms - stretch.start_ms < kBlackMsMin) continue;
        if (stretches.size() == limits::kStretchesMax) break;
        stretches.push_back(stretch);
    }
    return stretches;
}

std::optional<std::int64_t> choose_poster_tile(const std::vector<std::optional<PictureFigures>>& figures) {
    // The first tile is often a logo: taken only where there is nothing else.
    const auto early = std::max<std::size_t>(1, figures.size() * 2 / 3);
    auto best = figures.empty() ? std::nullopt : best_of(figures, std::min<std::size_t>(1, early), early);
    if (!best) best = best_of(figures, 0, figures.size());
    return best;
}

std::vector<std::int64_t> choose_preview_tiles(const std::vector<std::optional<PictureFigures>>& figures) {
    const auto parts = std::min(figures.size(), limits::kPreviewPicturesMax);
    std::vector<std::int64_t> chosen;
    for (std::size_t part = 0; part < parts; ++part) {
        const auto tile = best_of(figures, part * figures.size() / parts, (part + 1) * figures.size() / parts);
        if (tile) chosen.push_back(*tile);
    }
    return chosen;
}

}  // namespace movio::media
