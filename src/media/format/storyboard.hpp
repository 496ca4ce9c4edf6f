#pragma once
#include <cstdint>
#include <optional>

#include "media/format/plan.hpp"

namespace movio::media {

// Small pictures of a film at even distances, put together as sheets of tiles: tile j shows frame
// j · interval_frames of the grid and lies on sheet j / (columns · rows), left to right, top to bottom. Sheets are all
// of one size; the places behind the last tile are black.
struct Storyboard {
    int tile_width = 0;  // pixels
    int tile_height = 0;
    int columns = 1;
    int rows = 1;
    std::int64_t interval_frames = 1;
    std::int64_t tiles = 0;

    std::int64_t tiles_each() const { return std::int64_t{columns} * rows; }
    std::int64_t sheets() const { return (tiles + tiles_each() - 1) / tiles_each(); }
    std::int64_t frame_of(std::int64_t tile) const { return tile * interval_frames; }
    // The half-open range of tiles whose frames lie in [first, end).
    std::int64_t tile_from(std::int64_t frame) const { return (frame + interval_frames - 1) / interval_frames; }
    bool operator==(const Storyboard&) const = default;
};

// Pure. About one tile each 4 s, where that is the grid's own segments their first frames; farther apart in long films,
// so that there are never more than limits::kStoryboardTilesMax. nullopt without picture.
std::optional<Storyboard> storyboard_of(const Plan& plan);

// The size in which pictures are kept until sheets are made of them, and in which the animated preview shows them: up
// to twice as large as a tile.
PictureSize thumbnail_size(const Plan& plan);

}  // namespace movio::media
