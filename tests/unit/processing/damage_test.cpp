#include "processing/damage.hpp"

#include <gtest/gtest.h>

#include "media/format/sound.hpp"

namespace movio::processing {
namespace {

constexpr std::int64_t kSegments = 100;
constexpr std::int64_t kPictures = 100;  // of a segment
constexpr std::int64_t kSounds = 200;

media::Plan film(bool picture) {
    media::Plan plan;
    plan.grid = media::Grid::every({25, 1}, kSegments * kPictures);
    if (picture) {
        plan.video_stream = 0;
        for (const char* name : {"v-1", "v-2", "v-3"}) plan.video.emplace_back().name = name;
    }
    plan.audio.emplace_back().name = "a-1";
    return plan;
}

// So many frames of each rendition that is named are damaged, the others are whole.
media::Measured measured(const media::Plan& plan, const std::map<std::string, std::int64_t>& damaged) {
    media::Measured all;
    const auto add = [&](const std::string& name, std::int64_t ticks) {
        auto& segments = all.renditions[name];
        segments.assign(kSegments, {1000, ticks, 0});
        if (damaged.contains(name)) segments.front().damaged = damaged.at(name);
    };
    for (const auto& rung : plan.video) add(rung.name, kPictures * plan.grid.frame_ticks());
    for (const auto& sound : plan.audio) add(sound.name, kSounds * media::kAacFrameSamples);
    return all;
}

TEST(Damage, Picture_fails_above_five_percent_of_its_own_frames) {
    const auto plan = film(true);
    EXPECT_FALSE(too_much_damage(plan, measured(plan, {{"v-1", 500}, {"v-2", 500}, {"v-3", 500}})));
    const auto damage = too_much_damage(plan, measured(plan, {{"v-2", 501}}));
    ASSERT_TRUE(damage);
    EXPECT_EQ(damage->rendition, "v-2");
    EXPECT_EQ(damage->frames, 501);
}

TEST(Damage, Sound_fails_above_five_percent_of_its_own_frames) {
    const auto plan = film(true);
    EXPECT_FALSE(too_much_damage(plan, measured(plan, {{"v-1", 500}, {"a-1", 1000}})));
    EXPECT_EQ(too_much_damage(plan, measured(plan, {{"a-1", 1001}}))->rendition, "a-1");
}

TEST(Damage, Sound_alone_fails_too) {
    const auto plan = film(false);
    EXPECT_FALSE(too_much_damage(plan, measured(plan, {{"a-1", 1000}})));
    EXPECT_TRUE(too_much_damage(plan, measured(plan, {{"a-1", 1001}})));
}

}  // namespace
}  // namespace movio::processing
