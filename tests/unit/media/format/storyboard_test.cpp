#include "media/format/storyboard.hpp"

#include <gmock/gmock.h>

#include "base/limits.hpp"
#include "golden/media_films.hpp"
#include "media/format/vtt_tracks.hpp"

namespace movio::media {
namespace {

using namespace test;
using testing::HasSubstr;

Plan picture_of(int width, int height, std::int64_t seconds) {
    return make_plan(index_of(picture_track(width, height, {25, 1}, seconds * 25)), {}).value();
}

TEST(Storyboard, a_tile_shows_the_first_picture_of_each_segment) {
    const auto plan = picture_of(1280, 720, 60);
    const auto board = storyboard_of(plan).value();
    EXPECT_EQ(board, (Storyboard{160, 90, 5, 3, 100, 15}));
    EXPECT_EQ(board.sheets(), 1);
    for (std::int64_t k = 0; k < plan.grid.segments(); ++k)
        EXPECT_EQ(board.frame_of(k), plan.grid.segment(k).first_frame);
}

TEST(Storyboard, of_a_frame_is_one_tile) {
    auto plan = picture_of(128, 96, 1);
    plan.grid = Grid::every({25, 1}, 1);
    EXPECT_EQ(storyboard_of(plan), (Storyboard{128, 96, 1, 1, 100, 1}));
}

TEST(Storyboard, of_half_a_day_is_thinner_and_never_too_large) {
    for (const std::int64_t hours : {1, 2, 3, 12, 24}) {
        const auto plan = picture_of(1920, 1080, hours * 3600);
        const auto board = storyboard_of(plan).value();
        EXPECT_LE(board.tiles, limits::kStoryboardTilesMax);
        EXPECT_GE(board.tiles, limits::kStoryboardTilesMax / 3);
        EXPECT_LE(board.sheets(), 100);
        EXPECT_LT(board.frame_of(board.tiles - 1), plan.grid.frames_total());
        EXPECT_GE(board.frame_of(board.tiles), plan.grid.frames_total());
    }
}

TEST(Storyboard, distances_are_even_where_segments_are_not) {
    auto plan = picture_of(640, 360, 20);
    plan.grid = Grid::explicit_list({25, 1}, 500, {0, 60, 200, 340});
    const auto board = storyboard_of(plan).value();
    EXPECT_EQ(board.interval_frames, 100);
    EXPECT_EQ(board.tiles, 5);
}

TEST(Storyboard, keeps_the_shape_of_the_upright_picture) {
    const auto board = storyboard_of(portrait_film()).value();
    EXPECT_EQ(board.tile_width, 90);
    EXPECT_EQ(board.tile_height, 160);
    EXPECT_EQ(thumbnail_size(portrait_film()).height, 320);
    const auto narrow = storyboard_of(picture_of(16, 4096, 10)).value();
    EXPECT_EQ(narrow.tile_width, 2);
}

TEST(Storyboard, needs_a_picture) { EXPECT_EQ(storyboard_of(sound_film()), std::nullopt); }

TEST(StoryboardVtt, has_a_cue_for_each_tile_to_the_end_of_the_film) {
    auto plan = picture_of(1280, 720, 110);
    plan.grid = Grid::every({25, 1}, 2601);
    const auto board = storyboard_of(plan).value();
    const auto text = render_storyboard_vtt(plan, board);
    EXPECT_THAT(text,
                testing::StartsWith("WEBVTT\n\n00:00:00.000 --> 00:00:04.000\nstoryboard-1.jpg#xywh=0,0,160,90\n"));
    EXPECT_THAT(text, HasSubstr("\n00:00:24.000 --> 00:00:28.000\nstoryboard-1.jpg#xywh=160,90,160,90\n"));
    EXPECT_THAT(text, HasSubstr("\n00:01:40.000 --> 00:01:44.000\nstoryboard-2.jpg#xywh=0,0,160,90\n"));
    EXPECT_THAT(text, testing::EndsWith("\n00:01:44.000 --> 00:01:44.040\nstoryboard-2.jpg#xywh=160,0,160,90\n"));
}

TEST(ChaptersVtt, titles_hold_no_tags) {
    auto plan = picture_of(640, 360, 10);
    EXPECT_EQ(render_chapters_vtt(plan), "");
    plan.index.chapters = {{0, 4000, "Rock & <i>Roll</i>"}, {4000, 3'600'000, "End"}};
    EXPECT_EQ(render_chapters_vtt(plan),
              "WEBVTT\n\n00:00:00.000 --> 00:00:04.000\nRock &amp; &lt;i&gt;Roll&lt;/i&gt;\n"
              "\n00:00:04.000 --> 01:00:00.000\nEnd\n");
}

}  // namespace
}  // namespace movio::media
