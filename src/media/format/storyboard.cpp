#include "media/format/storyboard.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace movio::media {

namespace {

constexpr int kTileSideMax = 160;
constexpr int kThumbnailSideMax = 320;
constexpr int kColumnsMax = 5;
constexpr int kRowsMax = 5;
constexpr std::int64_t kTileSeconds = 4;

int even(std::int64_t side) { return static_cast<int>(std::max<std::int64_t>(2, side - side % 2)); }

PictureSize within(PictureSize size, int side_max) {
    const int longer = std::max(size.width, size.height);
    if (longer <= side_max) return {even(size.width), even(size.height)};
    return {even(scale(size.width, side_max, longer)), even(scale(size.height, side_max, longer))};
}

PictureSize film_size(const Plan& plan) {
    for (const auto& track : plan.index.tracks)
        if (track.stream == plan.video_stream && track.video) return display_size(*track.video);
    return {kThumbnailSideMax, kThumbnailSideMax};
}

}  // namespace

std::optional<Storyboard> storyboard_of(const Plan& plan) {
    if (!plan.has_video()) return std::nullopt;
    const auto& grid = plan.grid;
    const auto own = scale(kTileSeconds, grid.timescale(), grid.frame_ticks());
    const auto each = std::max<std::int64_t>(1, grid.is_explicit() ? own : grid.frames_each());
    const auto most = each * limits::kStoryboardTilesMax;
    Storyboard board;
    board.interval_frames = each * ((grid.frames_total() + most - 1) / most);
    board.tiles = (grid.frames_total() + board.interval_frames - 1) / board.interval_frames;
    const auto size = within(film_size(plan), kTileSideMax);
    board.tile_width = size.width;
    board.tile_height = size.height;
    board.columns = static_cast<int>(std::min<std::int64_t>(kColumnsMax, board.tiles));
    board.rows = static_cast<int>(std::min<std::int64_t>(kRowsMax, (board.tiles + board.columns - 1) / board.columns));
    return board;
}

PictureSize thumbnail_size(const Plan& plan) { return within(film_size(plan), kThumbnailSideMax); }

}  // namespace movio::media
