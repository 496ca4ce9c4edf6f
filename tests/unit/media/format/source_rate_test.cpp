#include "media/format/source_rate.hpp"

#include <gmock/gmock.h>

#include "media/format/rungs.hpp"
#include "support/media_films.hpp"

namespace movio::media {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

// 25 frames a second for 20 s.
Track picture_of(int width, int height, int kbps, const std::string& codec = "h264") {
    auto track = picture_track(width, height, {25, 1}, 500);
    track.codec = codec;
    track.bytes = kbps * 125LL * 20;
    return track;
}

std::vector<int> caps_of(const Track& picture, const PlanSettings& settings = {}) {
    std::vector<int> caps;
    for (const auto& rung : make_plan(index_of(picture), settings).value().video) caps.push_back(rung.cap_kbps);
    return caps;
}

TEST(SourceRate, is_the_average_over_the_track) {
    const auto rate = source_rate(picture_of(1280, 720, 1000));
    ASSERT_TRUE(rate);
    EXPECT_EQ(rate->kbps, 1000);
    EXPECT_EQ(rate->pixels, 1280 * 720);
}

TEST(SourceRate, is_unknown_without_bytes_or_length) {
    auto picture = picture_of(1280, 720, 0);
    EXPECT_FALSE(source_rate(picture));
    EXPECT_THAT(caps_of(picture), ElementsAre(800, 1200, 2400)) << "the ladder's own";
    picture = picture_of(1280, 720, 1000);
    picture.end_pts = picture.first_pts;
    EXPECT_FALSE(source_rate(picture));
}

TEST(TitleCap, is_the_ladders_where_the_source_has_more) {
    EXPECT_THAT(caps_of(picture_of(1280, 720, 1600)), ElementsAre(800, 1200, 2400));
    EXPECT_THAT(caps_of(picture_of(1920, 1080, 8000)), ElementsAre(800, 1200, 2400));
}

TEST(TitleCap, is_the_sources_rate_by_pixels_to_the_power_of_three_quarters) {
    // 800 kb/s of H.264 with moments of half as much again: 1200 at its own size, a quarter of the pixels 1200 / 2.83.
    EXPECT_THAT(caps_of(picture_of(1280, 720, 800)), ElementsAre(424, 654, 1200));
}

TEST(TitleCap, counts_what_the_codec_saves) {
    EXPECT_THAT(caps_of(picture_of(1280, 720, 800, "hevc")), ElementsAre(636, 980, 1800));
    EXPECT_THAT(caps_of(picture_of(1280, 720, 1600, "mpeg2video")), ElementsAre(424, 654, 1200));
    EXPECT_THAT(caps_of(picture_of(1280, 720, 800, "of the future")), ElementsAre(424, 654, 1200));
}

TEST(TitleCap, keeps_a_quarter_of_the_ladders) {
    EXPECT_THAT(caps_of(picture_of(1280, 720, 20)), ElementsAre(200, 300, 600));
}

TEST(TitleCap, is_part_of_the_parameters) {
    const auto rich = make_plan(index_of(picture_of(1280, 720, 8000)), {}).value();
    const auto poor = make_plan(index_of(picture_of(1280, 720, 800)), {}).value();
    EXPECT_NE(rich.video[0].parameters_hash, poor.video[0].parameters_hash);
    EXPECT_EQ(poor.video[0].buffer_kbit, poor.video[0].cap_kbps);
}

TEST(TitleCap, is_unchanged_by_turning_the_picture) {
    auto upright = picture_of(1280, 720, 800);
    upright.video->rotation = 90;
    EXPECT_THAT(caps_of(upright), ElementsAre(424, 654, 1200));
}

TEST(Ladder, rung_that_gains_nothing_is_left_out_with_the_reason) {
    const PlanSettings settings{.rungs = {{360, 800}, {480, 900}, {720, 1000}}};
    const auto plan = make_plan(index_of(picture_of(1280, 720, 8000)), settings).value();
    ASSERT_EQ(plan.video.size(), 2U);
    EXPECT_EQ(plan.video[1].height, 720) << "it is held against the one that was kept";
    ASSERT_EQ(plan.rejected.size(), 1U);
    EXPECT_EQ(plan.rejected[0].height, 480);
    EXPECT_EQ(plan.rejected[0].reason,
              "Its 900 kb/s are hardly more than the 800 kb/s of 360 lines: it gains nothing.");
}

TEST(Ladder, rung_with_fifteen_per_cent_more_is_kept) {
    const PlanSettings settings{.rungs = {{360, 800}, {480, 920}}};
    const auto plan = make_plan(index_of(picture_of(854, 480, 8000)), settings).value();
    EXPECT_EQ(plan.video.size(), 2U);
    EXPECT_THAT(plan.rejected, IsEmpty());
}

}  // namespace
}  // namespace movio::media
