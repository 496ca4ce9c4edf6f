#include "media/format/grid.hpp"

#include <gtest/gtest.h>

namespace movio::media {
namespace {

void expect_whole(const Grid& grid) {
    std::int64_t next = 0;
    for (std::int64_t k = 0; k < grid.segments(); ++k) {
        const auto segment = grid.segment(k);
        ASSERT_EQ(segment.first_frame, next);
        ASSERT_GT(segment.frames, 0);
        ASSERT_EQ(grid.segment_of(segment.first_frame), k);
        ASSERT_EQ(grid.segment_of(segment.first_frame + segment.frames - 1), k);
        next += segment.frames;
    }
    ASSERT_EQ(next, grid.frames_total());
}

TEST(Grid, every_segments_cover_the_film_without_gap) {
    for (const auto rate : {Rational{24, 1}, Rational{24000, 1001}, Rational{25, 1}, Rational{25, 2},
                            Rational{30000, 1001}, Rational{60, 1}, Rational{1, 1}, Rational{1001, 1000}})
        for (std::int64_t frames = 1; frames < 600; ++frames) expect_whole(Grid::every(rate, frames));
}

TEST(Grid, every_cuts_four_seconds_to_the_nearest_frame) {
    EXPECT_EQ(Grid::every({24000, 1001}, 1000).frames_each(), 96);
    EXPECT_EQ(Grid::every({25, 2}, 1000).frames_each(), 50);
    EXPECT_EQ(Grid::every({60, 1}, 1000).frames_each(), 240);
}

TEST(Grid, every_with_one_frame_too_many_has_a_last_segment_of_one_frame) {
    const auto grid = Grid::every({25, 1}, 101);
    EXPECT_EQ(grid.segments(), 2);
    EXPECT_EQ(grid.segment(1).frames, 1);
    EXPECT_EQ(Grid::every({25, 1}, 100).segments(), 1);
}

TEST(Grid, explicit_list_keeps_its_boundaries) {
    const auto grid = Grid::explicit_list({25, 1}, 300, {0, 61, 150, 299});
    expect_whole(grid);
    EXPECT_TRUE(grid.is_explicit());
    EXPECT_EQ(grid.segments(), 4);
    EXPECT_EQ(grid.segment(1).first_frame, 61);
    EXPECT_EQ(grid.segment(1).frames, 89);
    EXPECT_EQ(grid.segment(3).frames, 1);
}

TEST(Grid, duration_of_a_day_is_exact) {
    EXPECT_EQ(Grid::every({60000, 1001}, 5'178'821).duration_ms(), 86'399'997);
    EXPECT_EQ(Grid::every({24000, 1001}, 720).duration_ms(), 30'030);
}

}  // namespace
}  // namespace movio::media
