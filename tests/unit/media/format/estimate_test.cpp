#include "media/format/estimate.hpp"

#include <gmock/gmock.h>

#include "media/format/measured.hpp"
#include "support/media_films.hpp"

namespace movio::media {
namespace {

using namespace test;

Plan film(int width, int height, std::int64_t seconds, const std::string& codec = "h264") {
    auto picture = picture_track(width, height, {25, 1}, seconds * 25);
    picture.codec = codec;
    return make_plan(index_of(picture, sound_track(1, "eng", seconds * 1000)), {}).value();
}

Estimate of(const Plan& plan, MachineFigures machine = {}) { return estimate(plan, machine); }

TEST(Estimate, names_every_rendition_in_the_order_of_the_plan) {
    const auto plan = film(1280, 720, 60);
    const auto foretold = of(plan);
    ASSERT_EQ(foretold.renditions.size(), 4U);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(foretold.renditions[i].name, plan.video[i].name);
    EXPECT_EQ(foretold.renditions[3].name, plan.audio[0].name);
    std::int64_t sum = 0;
    for (const auto& rendition : foretold.renditions) sum += rendition.bytes;
    EXPECT_EQ(foretold.bytes(), sum);
}

TEST(Estimate, no_rung_is_larger_than_its_cap_and_larger_rungs_are_larger) {
    for (const int kbps : {50, 400, 2000, 20'000}) {
        auto picture = picture_track(1280, 720, {25, 1}, 1500);
        picture.bytes = kbps * 125LL * 60;
        const auto plan = make_plan(index_of(picture), {}).value();
        const auto foretold = of(plan);
        std::int64_t before = 0;
        for (std::size_t i = 0; i < plan.video.size(); ++i) {
            EXPECT_LE(foretold.renditions[i].bytes, plan.video[i].cap_kbps * 125LL * 60);
            EXPECT_GT(foretold.renditions[i].bytes, before);
            before = foretold.renditions[i].bytes;
        }
    }
}

TEST(Estimate, grows_with_length_size_and_preset) {
    const auto base = of(film(1280, 720, 60));
    const auto longer = of(film(1280, 720, 600));
    EXPECT_GT(longer.cpu_ms, base.cpu_ms * 8);
    EXPECT_GT(longer.complete_ms, base.complete_ms * 7);
    EXPECT_GT(base.cpu_ms, of(film(854, 480, 60)).cpu_ms);
    auto slow = film(1280, 720, 60);
    for (auto& rung : slow.video) rung.preset = "medium";
    EXPECT_GT(of(slow).cpu_ms, base.cpu_ms);
    EXPECT_GT(of(film(1280, 720, 60, "hevc")).cpu_ms, base.cpu_ms);
}

TEST(Estimate, what_is_passed_through_has_the_bytes_of_its_track_and_costs_no_encoding) {
    constexpr std::int64_t kBytes = 6'000'000;
    const auto plan_of_size = [](int width, int height) {
        auto picture = passed_track(width, height, {25, 1}, 2000, 100, kBytes / 20);
        picture.bytes = kBytes;
        return make_plan(index_of(std::move(picture)), {}).value();
    };
    const auto passed = plan_of_size(640, 360);
    ASSERT_EQ(passed.video.size(), 1U);
    ASSERT_TRUE(passed.video[0].passthrough);
    auto encoded = passed;
    encoded.video[0].passthrough = false;
    const auto copied = of(passed);
    EXPECT_GT(copied.renditions[0].bytes, kBytes);
    EXPECT_LT(copied.renditions[0].bytes, kBytes * 101 / 100);
    EXPECT_LT(copied.cpu_ms * 5, of(encoded).cpu_ms);
    EXPECT_LT(copied.playable_ms, of(encoded).playable_ms);

    const auto ladder = plan_of_size(1280, 720);
    ASSERT_EQ(ladder.video.size(), 3U);
    EXPECT_NEAR(static_cast<double>(of(ladder).renditions[2].bytes), kBytes, kBytes / 100.0);
    auto whole_ladder = ladder;
    whole_ladder.video[2].passthrough = false;
    EXPECT_LT(of(ladder).cpu_ms, of(whole_ladder).cpu_ms);
}

TEST(Estimate, copied_sound_costs_less_than_encoded) {
    const auto seconds = 600;
    const auto copied = make_plan(index_of(aac_track(0, "eng", seconds * 1000 / 20)), {}).value();
    ASSERT_TRUE(copied.audio[0].passthrough);
    auto encoded = copied;
    encoded.audio[0].passthrough = false;
    EXPECT_LT(of(copied).cpu_ms * 3, of(encoded).cpu_ms);
}

TEST(Estimate, a_film_begins_with_its_lowest_rung_whatever_others_it_has) {
    const auto ladder = film(1280, 720, 60);
    ASSERT_EQ(ladder.video.size(), 3U);
    auto lowest = ladder;
    lowest.video.resize(1);
    EXPECT_EQ(of(ladder).playable_ms, of(lowest).playable_ms);
    EXPECT_GT(of(ladder).complete_ms, of(lowest).complete_ms);
    auto more_sound = ladder;
    more_sound.audio.push_back(ladder.audio[0]);
    EXPECT_EQ(of(more_sound).playable_ms, of(ladder).playable_ms) << "the first track alone is waited for";
    EXPECT_GT(of(more_sound).cpu_ms, of(ladder).cpu_ms);
}

TEST(Estimate, frames_that_only_repeat_others_bring_few_bytes) {
    auto steady = picture_track(1280, 720, {25, 1}, 1500);
    auto halting = steady;
    halting.video->frames = 150;
    halting.video->frames_repeated = 1350;
    const auto often = of(make_plan(index_of(steady), {}).value());
    const auto seldom = of(make_plan(index_of(halting), {}).value());
    EXPECT_LT(seldom.bytes() * 4, often.bytes());
    EXPECT_LT(seldom.cpu_ms, often.cpu_ms);
}

TEST(Estimate, keyframes_far_apart_cost_what_is_decoded_to_reach_a_piece) {
    auto near = picture_track(1280, 720, {25, 1}, 7500);
    near.keyframes.clear();
    for (std::int64_t frame = 0; frame < 7500; frame += 25) near.keyframes.push_back({frame, frame, -1});
    auto far = near;
    far.keyframes.resize(1);
    EXPECT_GT(of(make_plan(index_of(far), {}).value()).cpu_ms, of(make_plan(index_of(near), {}).value()).cpu_ms);
}

TEST(Estimate, playable_does_not_wait_for_the_length) {
    const auto minute = of(film(1280, 720, 60));
    const auto hours = of(film(1280, 720, 7200));
    EXPECT_LT(minute.playable_ms, 4000);
    EXPECT_LT(hours.playable_ms, 10'000) << "the whole file is read once, and no more than its beginning decoded";
    EXPECT_LT(minute.playable_ms, minute.complete_ms);
}

TEST(Estimate, more_processors_take_less_time_and_the_same_work) {
    const auto plan = film(1280, 720, 600);
    const auto two = of(plan, {.processors = 2, .processes = 2});
    const auto eight = of(plan, {.processors = 8, .processes = 8});
    EXPECT_EQ(two.cpu_ms, eight.cpu_ms);
    EXPECT_LT(eight.complete_ms * 2, two.complete_ms);
    const auto few = of(plan, {.processors = 8, .processes = 1});
    EXPECT_GT(few.complete_ms, eight.complete_ms) << "processors without processes stand idle";
}

TEST(Estimate, holds_for_films_at_the_edges) {
    const auto one_frame = make_plan(index_of(picture_track(2, 2, {25, 1}, 1)), {}).value();
    const auto sound = make_plan(index_of(sound_track(0, "eng", 10'000)), {}).value();
    const auto passed = make_plan(index_of(aac_track(0, "eng", 500)), {}).value();
    auto silent = picture_track(1280, 720, {25, 1}, 100);
    silent.bytes = 0;
    silent.keyframes.clear();
    for (const auto& plan : {one_frame, sound, passed, make_plan(index_of(silent), {}).value()}) {
        const auto foretold = of(plan, {.processors = 0, .processes = 0});
        EXPECT_GT(foretold.playable_ms, 0);
        EXPECT_GE(foretold.complete_ms, foretold.playable_ms);
        EXPECT_GT(foretold.cpu_ms, 0);
        EXPECT_GT(foretold.bytes(), 0);
    }
    EXPECT_LT(of(passed).cpu_ms, of(sound).cpu_ms) << "copied, not encoded";
}

TEST(Estimate, comes_back_with_the_plan_and_may_be_absent) {
    auto plan = film(1280, 720, 60);
    EXPECT_FALSE(plan_from_json(to_json(plan)).value().estimate) << "as plans of before were";
    plan.estimate = of(plan);
    const auto again = plan_from_json(to_json(plan)).value();
    ASSERT_TRUE(again.estimate);
    EXPECT_EQ(to_json(again), to_json(plan));
    EXPECT_EQ(again.estimate->bytes(), plan.estimate->bytes());
}

TEST(Actual, has_the_bytes_of_every_rendition) {
    Measured measured;
    measured.renditions["a"] = {{100, 1, 0}, {20, 1, 0}};
    measured.renditions["b"] = {{3, 1, 0}};
    EXPECT_FALSE(actual_of(measured)) << "of before it was counted";
    measured.actual = Estimate{1500, 9000, 12'000, {}};
    const auto actual = actual_of(measured_from_json(to_json(measured)).value());
    ASSERT_TRUE(actual);
    EXPECT_EQ(actual->playable_ms, 1500);
    EXPECT_EQ(actual->complete_ms, 9000);
    EXPECT_EQ(actual->cpu_ms, 12'000);
    ASSERT_EQ(actual->renditions.size(), 2U);
    EXPECT_EQ(actual->renditions[0].bytes, 120);
    EXPECT_EQ(actual->bytes(), 123);
}

}  // namespace
}  // namespace movio::media
