#include <random>

#include <gtest/gtest.h>

#include "media/format/plan.hpp"

namespace movio::media {
namespace {

std::vector<std::int64_t> even(Rational rate, Rational time_base, std::int64_t frames) {
    std::vector<std::int64_t> pts;
    for (std::int64_t i = 0; i < frames; ++i)
        pts.push_back(scale(i, rate.den * time_base.den, rate.num * time_base.num));
    return pts;
}

class EvenRate : public testing::TestWithParam<Rational> {};

TEST_P(EvenRate, is_found_through_every_clock) {
    for (const auto clock : {Rational{1, 1000}, Rational{1, 90000}, Rational{1, 1'000'000}})
        for (const std::int64_t frames : {300, 3000, 20'000}) {
            const auto choice = choose_frame_rate(even(GetParam(), clock, frames), clock);
            EXPECT_EQ(choice.rate, GetParam()) << clock.den << " ticks a second, " << frames << " frames";
            EXPECT_EQ(choice.dropped, 0);
            EXPECT_EQ(choice.repeated, 0);
        }
}

INSTANTIATE_TEST_SUITE_P(Usual, EvenRate,
                         testing::Values(Rational{24000, 1001}, Rational{24, 1}, Rational{25, 1}, Rational{30000, 1001},
                                         Rational{30, 1}, Rational{48, 1}, Rational{50, 1}, Rational{60000, 1001},
                                         Rational{60, 1}, Rational{15, 1}, Rational{25, 2}, Rational{10, 1}));

TEST(FrameRate, short_clip_keeps_its_own_rate) {
    for (std::int64_t frames = 2; frames < 30; ++frames) {
        EXPECT_EQ(choose_frame_rate(even({25, 1}, {1, 90000}, frames), {1, 90000}).rate, (Rational{25, 1})) << frames;
        EXPECT_EQ(choose_frame_rate(even({30, 1}, {1, 90000}, frames), {1, 90000}).rate, (Rational{30, 1})) << frames;
    }
}

TEST(FrameRate, one_frame_or_none_is_25) {
    EXPECT_EQ(choose_frame_rate({}, {1, 1000}).rate, (Rational{25, 1}));
    EXPECT_EQ(choose_frame_rate({77}, {1, 1000}).rate, (Rational{25, 1}));
}

TEST(FrameRate, above_60_is_halved_and_counted) {
    const auto choice = choose_frame_rate(even({120, 1}, {1, 90000}, 1200), {1, 90000});
    EXPECT_EQ(choice.rate, (Rational{60, 1}));
    EXPECT_NEAR(static_cast<double>(choice.dropped), 600, 2);
}

TEST(FrameRate, slightly_above_a_usual_rate_takes_the_usual_one) {
    const auto choice = choose_frame_rate(even({243, 10}, {1, 90000}, 2430), {1, 90000});
    EXPECT_EQ(choice.rate, (Rational{24, 1}));
    EXPECT_LE(choice.dropped, 31);
}

TEST(FrameRate, few_holes_leave_the_rate_and_are_counted_as_repeats) {
    auto pts = even({24, 1}, {1, 90000}, 1000);
    for (std::size_t i = 500; i < pts.size(); ++i) pts[i] += 90000;
    const auto choice = choose_frame_rate(pts, {1, 90000});
    EXPECT_EQ(choice.rate, (Rational{24, 1}));
    EXPECT_EQ(choice.repeated, 24);
}

TEST(FrameRate, holes_of_whole_frames_leave_the_rate) {
    const Rational clock{1001, 24000};
    std::vector<std::int64_t> pts;
    for (std::int64_t i = 0; i < 1000; ++i)
        if (i % 40 != 7) pts.push_back(i);
    const auto choice = choose_frame_rate(pts, clock);
    EXPECT_EQ(choice.rate, (Rational{24000, 1001}));
    EXPECT_EQ(choice.repeated, 25);
    EXPECT_EQ(choice.dropped, 0);
}

TEST(FrameRate, uneven_source_loses_fewer_than_two_in_a_hundred) {
    std::mt19937 random(7);
    for (int round = 0; round < 50; ++round) {
        std::vector<std::int64_t> pts{0};
        std::uniform_int_distribution<std::int64_t> distance(1500, 1500 + 3000 * (round % 10 + 1));
        for (int i = 0; i < 2000; ++i) pts.push_back(pts.back() + distance(random));
        const auto choice = choose_frame_rate(pts, {1, 90000});
        EXPECT_TRUE(choice.dropped * 50 < 2001 || choice.rate == (Rational{60, 1}));
        const auto places = 2001 - choice.dropped + choice.repeated;
        EXPECT_NEAR(static_cast<double>(places), static_cast<double>(scale(pts.back(), choice.rate.num, 90000)) + 1, 1);
    }
}

TEST(FrameRate, slide_show_below_one_frame_a_second_gets_24) {
    EXPECT_EQ(choose_frame_rate(even({1, 5}, {1, 1000}, 20), {1, 1000}).rate, (Rational{24, 1}));
}

}  // namespace
}  // namespace movio::media
