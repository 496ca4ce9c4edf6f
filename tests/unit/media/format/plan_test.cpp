#include "media/format/plan.hpp"

#include <gmock/gmock.h>

#include "media/format/h264_level.hpp"
#include "support/media_films.hpp"

namespace movio::media {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Plan plan_of(const Index& index, const PlanSettings& settings = {}) {
    auto plan = make_plan(index, settings);
    EXPECT_TRUE(plan.has_value()) << (plan ? "" : plan.error().message);
    return plan.value_or(Plan{});
}

std::vector<std::string> sizes(const Plan& plan) {
    std::vector<std::string> found;
    for (const auto& rung : plan.video) found.push_back(std::to_string(rung.width) + "x" + std::to_string(rung.height));
    return found;
}

std::vector<std::string> rungs_of(int width, int height, const PlanSettings& settings = {}) {
    return sizes(plan_of(index_of(picture_track(width, height, {25, 1}, 500)), settings));
}

TEST(Plan, rungs_are_never_larger_than_the_source) {
    EXPECT_THAT(rungs_of(1280, 720), ElementsAre("640x360", "854x480", "1280x720"));
    EXPECT_THAT(rungs_of(1920, 1080), ElementsAre("640x360", "854x480", "1280x720"));
    EXPECT_THAT(rungs_of(854, 480), ElementsAre("640x360", "854x480"));
    EXPECT_THAT(rungs_of(720, 480), ElementsAre("540x360", "720x480"));
}

TEST(Plan, portrait_goes_by_its_short_side) {
    EXPECT_THAT(rungs_of(720, 1280), ElementsAre("360x640", "480x854", "720x1280"));
}

TEST(Plan, source_size_joins_when_it_is_a_fifth_above_the_highest) {
    EXPECT_THAT(rungs_of(1136, 640), ElementsAre("640x360", "852x480", "1136x640"));
    EXPECT_THAT(rungs_of(1008, 566), ElementsAre("642x360", "854x480"));
    EXPECT_THAT(rungs_of(1920, 1080, {.height_max = 1080}), ElementsAre("640x360", "854x480", "1280x720", "1920x1080"));
}

TEST(Plan, smaller_source_gives_one_rung_of_its_own_even_size) {
    EXPECT_THAT(rungs_of(800, 332), ElementsAre("800x332"));
    EXPECT_THAT(rungs_of(321, 241), ElementsAre("320x240"));
    EXPECT_THAT(rungs_of(1, 1), ElementsAre("2x2"));
}

TEST(Plan, cap_lies_on_the_line_between_its_neighbours) {
    const auto between = plan_of(index_of(picture_track(1136, 640, {25, 1}, 500)));
    EXPECT_EQ(between.video.back().cap_kbps, 2000);  // 480: 1200, 720: 2400
    const auto below = plan_of(index_of(picture_track(320, 180, {25, 1}, 500)));
    EXPECT_EQ(below.video.back().cap_kbps, 400);
    const auto above = plan_of(index_of(picture_track(1920, 1080, {25, 1}, 500)), {.height_max = 1080});
    EXPECT_EQ(above.video.back().cap_kbps, 4200);
    EXPECT_EQ(above.video.back().buffer_kbit, 4200);
}

TEST(Plan, rejected_rungs_say_why) {
    const auto plan = plan_of(index_of(picture_track(854, 480, {25, 1}, 500)));
    ASSERT_EQ(plan.rejected.size(), 1U);
    EXPECT_EQ(plan.rejected[0].height, 720);
    EXPECT_EQ(plan.rejected[0].reason, "The source has only 480 lines.");
    const auto capped = plan_of(index_of(picture_track(1280, 720, {25, 1}, 500)), {.height_max = 480});
    ASSERT_EQ(capped.rejected.size(), 1U);
    EXPECT_EQ(capped.rejected[0].reason, "The ladder ends at 480 lines.");
}

TEST(Plan, codecs_name_profile_and_lowest_level) {
    const auto plan = plan_of(index_of(picture_track(1280, 720, {25, 1}, 500)));
    EXPECT_EQ(plan.video[0].codecs, "avc1.4d401e");
    EXPECT_EQ(plan.video[0].profile, "main");
    EXPECT_EQ(plan.video[2].codecs, "avc1.64001f");
    EXPECT_EQ(plan.video[2].profile, "high");
    EXPECT_EQ(plan_of(index_of(picture_track(1280, 720, {60, 1}, 500))).video[2].level, 32);
}

TEST(Plan, parameters_hash_differs_where_anything_differs) {
    const auto base = plan_of(index_of(picture_track(1280, 720, {25, 1}, 500)));
    const auto other_crf = plan_of(index_of(picture_track(1280, 720, {25, 1}, 500)), {.crf = 24});
    const auto other_rate = plan_of(index_of(picture_track(1280, 720, {30, 1}, 500)));
    EXPECT_EQ(base.video[0].parameters_hash.size(), 64U);
    EXPECT_NE(base.video[0].parameters_hash, base.video[1].parameters_hash);
    EXPECT_NE(base.video[0].parameters_hash, other_crf.video[0].parameters_hash);
    EXPECT_NE(base.video[0].parameters_hash, other_rate.video[0].parameters_hash);
}

PictureSize shown(int width, int height, Rational aspect, int rotation = 0) {
    VideoInfo video;
    video.width = width;
    video.height = height;
    video.sample_aspect = aspect;
    video.rotation = rotation;
    return display_size(video);
}

TEST(DisplaySize, applies_sample_aspect_before_rotation) {
    EXPECT_EQ(shown(640, 360, {2, 1}).width, 1280);
    EXPECT_EQ(shown(640, 360, {2, 1}, 90).width, 360);
    EXPECT_EQ(shown(640, 360, {2, 1}, 90).height, 1280);
    EXPECT_EQ(shown(720, 576, {64, 45}).width, 1024);
}

TEST(DisplaySize, is_even_and_never_larger) {
    EXPECT_EQ(shown(853, 481, {1, 1}).width, 852);
    EXPECT_EQ(shown(853, 481, {1, 1}).height, 480);
    EXPECT_EQ(shown(1, 1, {1, 1}).width, 2);
    EXPECT_EQ(shown(640, 360, {0, 1}).width, 640);
}

TEST(Plan, length_is_the_longer_of_picture_and_sound_in_whole_frames) {
    const auto picture = picture_track(640, 360, {25, 1}, 100);
    EXPECT_EQ(plan_of(index_of(picture, sound_track(1, "en", 3000))).grid.frames_total(), 100);
    EXPECT_EQ(plan_of(index_of(picture, sound_track(1, "en", 4000))).grid.frames_total(), 100);
    EXPECT_EQ(plan_of(index_of(picture, sound_track(1, "en", 4001))).grid.frames_total(), 100);
    EXPECT_EQ(plan_of(index_of(picture, sound_track(1, "en", 4039))).grid.frames_total(), 100);
    EXPECT_EQ(plan_of(index_of(picture, sound_track(1, "en", 4060))).grid.frames_total(), 102);
    EXPECT_EQ(plan_of(index_of(picture, sound_track(1, "en", 9000))).grid.frames_total(), 225);
}

TEST(Plan, one_frame_is_a_film) {
    const auto plan = plan_of(index_of(picture_track(640, 360, {30000, 1001}, 1)));
    EXPECT_EQ(plan.grid.frames_total(), 1);
    EXPECT_EQ(plan.poster_frame, 0);
}

TEST(Plan, sound_alone_is_cut_at_25_frames_a_second) {
    const auto plan = plan_of(index_of(sound_track(0, "en", 10'000)));
    EXPECT_FALSE(plan.has_video());
    EXPECT_THAT(plan.video, IsEmpty());
    EXPECT_EQ(plan.grid.frames_total(), 250);
    EXPECT_EQ(plan.grid.segments(), 3);
}

TEST(Plan, neither_picture_nor_sound_is_not_media) {
    const auto plan = make_plan(index_of(text_track(0, "en")), {});
    ASSERT_FALSE(plan.has_value());
    EXPECT_EQ(plan.error().code, ErrorCode::not_media);
}

TEST(Plan, two_frames_a_million_seconds_apart_are_too_long) {
    auto picture = picture_track(640, 360, {24, 1}, 2);
    picture.time_base = {1, 1};
    picture.end_pts = 1'000'000;
    const auto plan = make_plan(index_of(picture), {});
    ASSERT_FALSE(plan.has_value());
    EXPECT_EQ(plan.error().code, ErrorCode::too_long);
}

TEST(Plan, pixel_bomb_is_too_large) {
    const auto plan = make_plan(index_of(picture_track(16384, 16384, {25, 1}, 50)), {});
    ASSERT_FALSE(plan.has_value());
    EXPECT_EQ(plan.error().code, ErrorCode::too_large);
    EXPECT_THAT(plan.error().message, HasSubstr("16384 x 16384"));
    const auto stripe = make_plan(index_of(picture_track(30'000, 20, {25, 1}, 50)), {});
    ASSERT_FALSE(stripe.has_value());
    EXPECT_EQ(stripe.error().code, ErrorCode::too_large);
}

TEST(Plan, default_sound_comes_first_and_names_tell_the_track) {
    auto commentary = sound_track(2, "eng", 20'000, 2);
    commentary.commentary = true;
    auto german = sound_track(3, "ger", 20'000, 1);
    german.is_default = true;
    const auto plan =
        plan_of(index_of(picture_track(640, 360, {25, 1}, 500), sound_track(1, "eng", 20'000), commentary, german));
    ASSERT_EQ(plan.audio.size(), 3U);
    EXPECT_EQ(plan.audio[0].name, "a-3-de-1");
    EXPECT_EQ(plan.audio[0].label, "Deutsch");
    EXPECT_TRUE(plan.audio[0].is_default);
    EXPECT_EQ(plan.audio[1].name, "a-1-en-2");
    EXPECT_EQ(plan.audio[2].label, "English (commentary)");
    EXPECT_FALSE(plan.audio[1].is_default || plan.audio[2].is_default);
}

TEST(Plan, labels_are_in_their_own_language_and_unlike) {
    const auto plan =
        plan_of(index_of(picture_track(640, 360, {25, 1}, 500), text_track(1, "fre"), text_track(2, "ben"),
                         text_track(3, "hin"), text_track(4, "spa"), text_track(5, "spa"), text_track(6, "und")));
    std::vector<std::string> labels;
    for (const auto& text : plan.text) labels.push_back(text.label);
    EXPECT_THAT(labels, ElementsAre("français", "বাংলা", "हिन्दी", "español", "español 2", "Captions"));
    EXPECT_FALSE(plan.text[0].is_default);
}

TEST(Plan, pictures_of_subtitles_are_skipped_with_a_warning) {
    auto bitmap = text_track(1, "en", "hdmv_pgs_subtitle");
    bitmap.text->bitmap = true;
    const auto plan = plan_of(index_of(picture_track(640, 360, {25, 1}, 500), bitmap));
    EXPECT_THAT(plan.text, IsEmpty());
    EXPECT_THAT(plan.warnings, ElementsAre(HasSubstr("Stream 1")));
}

TEST(Plan, poster_lies_a_tenth_in_and_at_least_a_second) {
    EXPECT_EQ(plan_of(index_of(picture_track(640, 360, {25, 1}, 1000))).poster_frame, 100);
    EXPECT_EQ(plan_of(index_of(picture_track(640, 360, {25, 1}, 100))).poster_frame, 25);
    EXPECT_EQ(plan_of(index_of(picture_track(640, 360, {25, 1}, 20))).poster_frame, 2);
}

TEST(H264Level, lowest_that_holds_size_rate_and_cap) {
    EXPECT_EQ(lowest_h264_level(640, 360, {25, 1}, 800, false), 30);
    EXPECT_EQ(lowest_h264_level(1920, 1080, {30, 1}, 5000, true), 40);
    EXPECT_EQ(lowest_h264_level(1920, 1080, {60, 1}, 5000, true), 42);
    EXPECT_EQ(lowest_h264_level(3840, 2160, {30, 1}, 15000, true), 51);
    EXPECT_EQ(lowest_h264_level(176, 144, {25, 1}, 2000, false), 20);
    EXPECT_EQ(lowest_h264_level(30000, 20, {25, 1}, 800, false), std::nullopt);
    EXPECT_EQ(h264_codecs(true, 40), "avc1.640028");
}

}  // namespace
}  // namespace movio::media
