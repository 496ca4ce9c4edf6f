#include "media/format/pieces.hpp"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace movio::media {
namespace {

Plan film(std::int64_t segments) {
    Plan plan;
    plan.grid = Grid::every({25, 1}, segments * 100);
    return plan;
}

AudioRendition sound(bool passthrough) {
    AudioRendition rendition;
    rendition.name = "a-1-und-2";
    rendition.passthrough = passthrough;
    return rendition;
}

TEST(Pieces, Of_picture_begin_short_and_cover_the_film) {
    const auto plan = film(100);
    std::vector<std::int64_t> lengths;
    for (std::int64_t first = 0; first < 100;) {
        const auto end = picture_piece_end(plan, first);
        lengths.push_back(end - first);
        first = end;
    }
    ASSERT_GE(lengths.size(), 4U);
    EXPECT_EQ(lengths[0], 1);
    EXPECT_EQ(lengths[1], 2);
    EXPECT_EQ(lengths[2], 6);
    EXPECT_EQ(lengths[3], limits::kVideoTaskSegments);
    EXPECT_EQ(picture_piece_end(film(1), 0), 1);
    EXPECT_EQ(picture_piece_end(film(2), 1), 2);
}

TEST(Pieces, Of_sound_hold_each_segment_once_whichever_is_asked_for) {
    for (const bool passthrough : {false, true}) {
        for (const std::int64_t segments : {1, 2, 8, 9, 16, 17, 200, 900, 901, 2000}) {
            const auto plan = film(segments);
            std::int64_t next = 0;
            for (std::int64_t k = 0; k < segments; ++k) {
                const auto piece = sound_piece(plan, sound(passthrough), k);
                EXPECT_EQ(piece.rendition, "a-1-und-2");
                EXPECT_LE(piece.first, k);
                EXPECT_GT(piece.end, k);
                EXPECT_LE(piece.end, segments);
                if (piece.first == k) EXPECT_EQ(std::exchange(next, piece.end), k);
            }
            EXPECT_EQ(next, segments);
        }
    }
}

TEST(Pieces, Of_sound_begin_with_the_first_segment_alone_and_never_cross_a_block) {
    const auto plan = film(2000);
    EXPECT_EQ(sound_piece(plan, sound(false), 0).end, 1);
    EXPECT_EQ(sound_piece(plan, sound(false), 1).end, limits::kAudioBlockSegments);
    EXPECT_EQ(sound_piece(plan, sound(false), limits::kAudioBlockSegments).first, limits::kAudioBlockSegments);
}

TEST(Pieces, That_are_copied_are_short_at_the_beginning_and_then_long) {
    const auto plan = film(2000);
    EXPECT_EQ(copied_piece(plan, "v-h264-720", 0).rendition, "v-h264-720");
    std::vector<std::int64_t> ends;
    for (std::int64_t k = 0; k < 2000; k = ends.back()) ends.push_back(copied_piece(plan, "v-h264-720", k).end);
    EXPECT_EQ(ends, (std::vector<std::int64_t>{limits::kFirstCopySegments, limits::kCopyTaskSegments,
                                               2 * limits::kCopyTaskSegments, 2000}));
    EXPECT_EQ(copied_piece(film(3), "v-h264-720", 2).end, 3);
    const auto of_sound = sound_piece(plan, sound(true), 100);
    EXPECT_EQ(of_sound.first, limits::kFirstCopySegments);
    EXPECT_EQ(of_sound.end, limits::kCopyTaskSegments);
}

TEST(Pieces, Only_more_than_one_encoded_rung_has_one_to_make_ahead) {
    auto plan = film(10);
    EXPECT_FALSE(makes_ahead(plan));
    plan.video.resize(1);
    EXPECT_FALSE(makes_ahead(plan));
    plan.video.resize(2);
    EXPECT_TRUE(makes_ahead(plan));
    plan.video.back().passthrough = true;
    EXPECT_FALSE(makes_ahead(plan));
}

}  // namespace
}  // namespace movio::media
