#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "media/format/measured.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// What a picture is like, measured on its luma in full range.
struct PictureFigures {
    int luma = 0;       // mean, 0–255
    int contrast = 0;   // standard deviation
    int sharpness = 0;  // sixteenths of a level: mean amount by which a point differs from those around it
    int black = 0;      // thousandths of the picture that are as good as black
};

// How well a picture stands for its film: nothing for one that is black, blank or blurred.
std::int64_t poster_score(const PictureFigures& figures);
// One that need not be looked further for.
bool is_good_poster(const PictureFigures& figures);
bool is_black(const PictureFigures& figures);

struct FrameSpan {  // half-open
    std::int64_t first = 0;
    std::int64_t end = 0;
    auto operator<=>(const FrameSpan&) const = default;
};

// What was seen while a stretch of the film was decoded: figures of the storyboard's tiles in it (their pictures lie
// side by side in a strip), and where it was black. Stored as work/<video>/<revision>/look-<span.first>.json.
struct Look {
    FrameSpan span;  // every frame of it was looked at; empty when only the tiles were
    std::int64_t first_tile = 0;
    std::vector<PictureFigures> tiles;
    std::vector<FrameSpan> black;  // ascending, within the span
};

std::string to_json(const Look& look);
Result<Look> look_from_json(std::string_view text);

// The stretches of a film that stay black for half a second or longer; nullopt unless every frame was looked at.
std::optional<std::vector<Stretch>> black_stretches(const Plan& plan, const std::vector<Look>& looks);

// The tile that makes the best poster: of the first two thirds, so that it does not give the end away. `figures` by
// tile. nullopt when none will do.
std::optional<std::int64_t> choose_poster_tile(const std::vector<std::optional<PictureFigures>>& figures);
// Tiles for the animated preview, ascending: the best of each of up to limits::kPreviewPicturesMax equal parts.
std::vector<std::int64_t> choose_preview_tiles(const std::vector<std::optional<PictureFigures>>& figures);

}  // namespace movio::media
