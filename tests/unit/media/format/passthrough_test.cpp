#include "media/format/passthrough.hpp"

#include <gmock/gmock.h>

#include "media/format/bandwidth.hpp"
#include "media/format/box_writer.hpp"
#include "media/format/hex.hpp"
#include "media/format/manifest.hpp"
#include "media/format/timeline.hpp"
#include "media/format/verify.hpp"
#include "support/media_films.hpp"
#include "support/media_segments.hpp"

namespace movio::media {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::int64_t> merged(std::vector<std::int64_t> seconds, std::int64_t total_seconds) {
    for (auto& each : seconds) each *= 25;
    auto firsts = merge_idr_frames(seconds, {25, 1}, total_seconds * 25);
    for (auto& each : firsts) each /= 25;
    return firsts;
}

TEST(MergeIdrFrames, segments_last_about_four_seconds) {
    EXPECT_THAT(merged({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 13), ElementsAre(0, 4, 8));
    EXPECT_THAT(merged({0, 2, 4, 6, 8, 10}, 13), ElementsAre(0, 4, 8));
    EXPECT_THAT(merged({0, 5, 10}, 15), ElementsAre(0, 5, 10));
    EXPECT_THAT(merged({0, 3, 6, 9, 12}, 15), ElementsAre(0, 3, 6, 9));
    EXPECT_THAT(merged({0, 6, 12}, 18), ElementsAre(0, 6, 12));
}

TEST(MergeIdrFrames, a_short_one_is_better_than_one_that_is_too_long) {
    EXPECT_THAT(merged({0, 1, 7, 8, 14}, 18), ElementsAre(0, 1, 7, 8, 14));
}

TEST(MergeIdrFrames, the_rest_is_one_segment) {
    EXPECT_THAT(merged({0}, 3), ElementsAre(0));
    EXPECT_THAT(merged({0, 4}, 6), ElementsAre(0));
    EXPECT_THAT(merged({0, 4}, 7), ElementsAre(0, 4));
}

TEST(MergeIdrFrames, no_segment_exceeds_six_seconds_whatever_the_groups) {
    for (std::int64_t step = 1; step <= 150; ++step) {
        std::vector<std::int64_t> frames;
        for (std::int64_t frame = 0; frame < 5000; frame += 1 + (frame * 7 + step * 13) % step) frames.push_back(frame);
        const auto firsts = merge_idr_frames(frames, {25, 1}, 5000);
        for (std::size_t k = 0; k < firsts.size(); ++k)
            EXPECT_LE((k + 1 < firsts.size() ? firsts[k + 1] : 5000) - firsts[k], 150) << step;
    }
}

TEST(PassedRendition, is_the_top_rung_and_gives_the_grid) {
    const auto plan = make_plan(index_of(passed_track(1280, 720, {25, 1}, 1500, 50, 100'000)), {}).value();
    ASSERT_EQ(plan.video.size(), 3U);
    const auto& top = plan.video.back();
    EXPECT_TRUE(top.passthrough);
    EXPECT_EQ(top.name, "v-h264-720");
    EXPECT_EQ(top.codecs, "avc1.64001e");
    EXPECT_EQ(top.profile, "high");
    EXPECT_EQ(top.cap_kbps, 400);
    EXPECT_FALSE(plan.video[0].passthrough || plan.video[1].passthrough);
    EXPECT_EQ(plan.passthrough_obstacle, "");
    ASSERT_TRUE(plan.grid.is_explicit());
    EXPECT_EQ(plan.grid.segments(), 15);
    for (std::int64_t k = 0; k < 15; ++k) EXPECT_EQ(plan.grid.segment(k).first_frame, k * 100);
}

TEST(PassedRendition, may_be_higher_than_the_ladder_and_replaces_what_is_about_its_size) {
    const auto heights = [](int width, int height, const PlanSettings& settings) {
        std::vector<int> found;
        const auto plan =
            make_plan(index_of(passed_track(width, height, {25, 1}, 1500, 50, 100'000)), settings).value();
        for (const auto& rung : plan.video) found.push_back(rung.passthrough ? -rung.height : rung.height);
        return found;
    };
    EXPECT_THAT(heights(1920, 1080, {}), ElementsAre(360, 480, 720, -1080));
    EXPECT_THAT(heights(960, 540, {}), ElementsAre(360, -540));
    EXPECT_THAT(heights(640, 360, {}), ElementsAre(-360));
    PlanSettings off;
    off.passthrough = false;
    EXPECT_THAT(heights(1280, 720, off), ElementsAre(360, 480, 720));
}

std::string obstacle(const Index& index, const PlanSettings& settings = {}) {
    const auto plan = make_plan(index, settings).value();
    for (const auto& rung : plan.video) EXPECT_FALSE(rung.passthrough);
    EXPECT_FALSE(plan.grid.is_explicit());
    return plan.passthrough_obstacle;
}

TEST(PassedRendition, the_plan_says_why_there_is_none) {
    const auto fits = passed_track(1280, 720, {25, 1}, 1500, 50, 100'000);
    PlanSettings settings;
    settings.passthrough_kbps_max = 399;
    EXPECT_THAT(obstacle(index_of(fits), settings), HasSubstr("up to 400 kb/s; 399 kb/s may be"));
    settings = {};
    settings.passthrough = false;
    EXPECT_THAT(obstacle(index_of(fits), settings), HasSubstr("turned off"));
    EXPECT_THAT(obstacle(index_of(fits, sound_track(1, "en", 61'500))), HasSubstr("sound goes on"));
    auto track = fits;
    track.video->passthrough.reset();
    track.video->passthrough_obstacle = "Its pixels are not square.";
    EXPECT_EQ(obstacle(index_of(track)), "Its pixels are not square.");
    // The only rung there is must suit slow lines, too.
    EXPECT_THAT(obstacle(index_of(passed_track(640, 360, {25, 1}, 1500, 50, 500'000))),
                HasSubstr("1600 kb/s may be passed through as the only rung"));
}

TEST(PassedRendition, plan_and_index_come_back_from_json) {
    const auto plan = make_plan(index_of(passed_track(1280, 720, {25, 1}, 1500, 50, 100'000)), {}).value();
    const auto text = to_json(plan);
    const auto again = plan_from_json(text);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(to_json(*again), text);
    EXPECT_TRUE(again->video.back().passthrough);
    EXPECT_EQ(again->video.back().avc_config, plan.video.back().avc_config);
    EXPECT_EQ(again->index.tracks[0].video->passthrough->idr_frames,
              plan.index.tracks[0].video->passthrough->idr_frames);
    EXPECT_EQ(again->grid.first_frames(), plan.grid.first_frames());
}

TEST(PassedRendition, facts_that_do_not_hold_together_are_refused) {
    const auto good = to_json(make_plan(index_of(passed_track(1280, 720, {25, 1}, 200, 50, 100'000)), {}).value());
    const auto with = [&](std::string_view from, std::string_view to) {
        auto text = good;
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        return plan_from_json(text).has_value();
    };
    EXPECT_TRUE(with("\"idr_frames\":[0,50", "\"idr_frames\":[0,50"));
    EXPECT_FALSE(with("\"idr_frames\":[0,50", "\"idr_frames\":[1,50"));
    EXPECT_FALSE(with("\"idr_frames\":[0,50", "\"idr_frames\":[0,100"));
    EXPECT_FALSE(with("\"idr_bytes\":[100000,", "\"idr_bytes\":["));
    EXPECT_FALSE(with("\"idr_bytes\":[100000,", "\"idr_bytes\":[-1,"));
}

TEST(PassedRendition, provisional_bandwidth_is_known_to_the_byte) {
    auto track = passed_track(1280, 720, {25, 1}, 1500, 50, 100'000);
    track.video->passthrough->idr_bytes[4] = 300'000;
    const auto plan = make_plan(index_of(track), {}).value();
    const auto weight = weight_of(plan, plan.video.back(), nullptr);
    ASSERT_EQ(weight.bits.size(), 15U);
    EXPECT_GE(weight.bits[2], 400'000 * 8);
    EXPECT_LE(weight.bits[2], 403'000 * 8);
    EXPECT_LE(weight.bits[3], 203'000 * 8);
}

TEST(PassedRendition, a_longer_last_picture_stands_where_sound_goes_on) {
    const auto plan =
        make_plan(index_of(passed_track(1280, 720, {25, 1}, 1500, 50, 100'000), sound_track(1, "en", 60'400)), {})
            .value();
    ASSERT_TRUE(plan.video.back().passthrough);
    EXPECT_EQ(plan.grid.frames_total(), 1510);
    EXPECT_EQ(frames_held(plan), 10);
    const auto k = plan.grid.segments() - 1;
    auto parts = picture_parts(plan, k);
    const auto written = [&] { return parts.written(k + 1, segment_decode_time(plan, plan.video.back(), k)); };
    EXPECT_FALSE(verify_segment(plan, plan.video.back().name, k, written()));
    EXPECT_TRUE(verify_segment(plan, plan.video.front().name, k, written()));
    parts.samples.resize(parts.samples.size() - 10);
    parts.samples.back().cts_offset = 0;
    EXPECT_FALSE(verify_segment(plan, plan.video.back().name, k, written()));
    parts.samples.back().duration += 10 * plan.grid.frame_ticks();
    const auto verified = verify_segment(plan, plan.video.back().name, k, written());
    EXPECT_TRUE(verified) << verified.error().detail;
    EXPECT_FALSE(verify_segment(plan, plan.video.front().name, k, written()));
}

TEST(PassedRendition, may_have_further_idr_pictures_but_no_parameter_sets_in_a_segment) {
    const auto plan = make_plan(index_of(passed_track(1280, 720, {25, 1}, 1500, 50, 100'000)), {}).value();
    const auto objection = [&](const VideoRendition& rung, int type, bool sync) {
        auto parts = picture_parts(plan, 1);
        parts.data[50] = picture_sample(type, 20);
        parts.samples[50].data = parts.data[50];
        parts.samples[50].sync = sync;
        const auto bytes = parts.written(2, segment_decode_time(plan, rung, 1));
        const auto verified = verify_segment(plan, rung.name, 1, bytes);
        return verified ? std::string() : verified.error().detail;
    };
    EXPECT_EQ(objection(plan.video.back(), 5, true), "");
    EXPECT_THAT(objection(plan.video.front(), 5, true), HasSubstr("second IDR"));
    EXPECT_THAT(objection(plan.video.back(), 5, false), HasSubstr("second IDR"));
    EXPECT_THAT(objection(plan.video.back(), 1, true), HasSubstr("second IDR"));
    EXPECT_THAT(objection(plan.video.back(), 7, false), HasSubstr("parameter sets"));
}

TEST(PassedRendition, init_segment_holds_the_very_parameter_sets_of_the_plan) {
    const auto plan = make_plan(index_of(passed_track(1280, 720, {25, 1}, 1500, 50, 100'000)), {}).value();
    const auto& top = plan.video.back();
    auto config = from_hex(top.avc_config).value();
    EXPECT_TRUE(verify_init(plan, top.name, write_video_init(plan, top, config, {})));
    config[20] ^= std::byte{1};
    EXPECT_FALSE(verify_init(plan, top.name, write_video_init(plan, top, config, {})));
}

// Lengths differ from segment to segment: both manifests say the same, and the target covers the longest.
TEST(PassedRendition, manifests_list_segments_of_several_lengths) {
    auto track = passed_track(1280, 720, {25, 1}, 500, 50, 100'000);
    track.video->passthrough->idr_frames = {0, 110, 230, 375};
    track.video->passthrough->idr_bytes.resize(4);
    const auto plan = make_plan(index_of(track), {}).value();
    EXPECT_THAT(plan.grid.first_frames(), ElementsAre(0, 110, 230, 375));
    EXPECT_EQ(target_duration_seconds(plan), 6);
    const auto playlist = render_hls_media(plan, "v-h264-720");
    EXPECT_THAT(playlist, HasSubstr("#EXT-X-TARGETDURATION:6\n"));
    for (const auto* length : {"#EXTINF:4.400000,", "#EXTINF:4.800000,", "#EXTINF:5.800000,", "#EXTINF:5.000000,"})
        EXPECT_THAT(playlist, HasSubstr(length));
    const auto mpd = render_mpd(plan, nullptr, {});
    for (const auto* entry : {"<S t=\"0\" d=\"110\" />", "<S d=\"120\" />", "<S d=\"145\" />", "<S d=\"125\" />"})
        EXPECT_THAT(mpd, HasSubstr(entry));
    EXPECT_EQ(render_hls_media(plan, "v-h264-360").size(), playlist.size()) << "the rungs are aligned";
}

}  // namespace
}  // namespace movio::media
