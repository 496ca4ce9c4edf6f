#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "media/engine/engine.hpp"
#include "media/format/manifest.hpp"
#include "media/format/verify.hpp"
#include "unit/media/engine/support.hpp"

namespace movio::media::test {
namespace {

TEST(OddFiles, control_characters_of_a_title_are_spaces) {
    auto source = MemorySource::of_file(made("title.mkv",
                                             "-f lavfi -i sine=r=48000:d=1 -c:a flac -metadata:s:a:0 'title=a\x01"
                                             "b\nc\x7F"
                                             "d\xEF\xBF\xBE"
                                             "e\xEF\xBF\xBF"
                                             "fü'"));
    const auto index = index_of(source);
    ASSERT_TRUE(index) << index.error().message;
    EXPECT_EQ(index->tracks.at(0).title, "a b c d e fü");
    EXPECT_FALSE(render_mpd(make_plan(*index, {}).value(), nullptr, {}).contains("&#"));
}

TEST(OddFiles, sound_of_another_configuration_in_the_middle_is_encoded) {
    const auto first = made("stereo.aac", "-f lavfi -i sine=r=48000:d=3 -ac 2 -c:a aac -f adts");
    const auto second = made("mono.aac", "-f lavfi -i sine=r=48000:d=3 -ac 1 -c:a aac -f adts");
    const auto both = scratch("both.aac");
    const auto film = scratch("both.ts");
    run("cat " + first.string() + " " + second.string() + " > " + both.string());
    run("ffmpeg -nostdin -v error -y -i " + both.string() + " -c copy " + film.string());
    auto source = MemorySource::of_file(film);
    const auto plan = plan_of(source);
    std::filesystem::remove(both);
    std::filesystem::remove(film);
    ASSERT_EQ(plan.audio.size(), 1U);
    EXPECT_FALSE(plan.audio[0].passthrough);
    CollectingSink sink;
    ASSERT_TRUE(run_order(AudioWork{all_of(plan, plan.audio[0].name)}, plan, source, sink));
    for (const auto* segment : sink.segments(plan.audio[0].name)) EXPECT_EQ(segment->damaged, 0);
}

TEST(Presets, every_one_makes_the_profile_that_was_planned) {
    auto source = MemorySource::of_file(
        made("presets.mp4", "-f lavfi -i testsrc2=s=1280x720:r=25:d=1 -frames:v 2 -c:v libx264 -preset ultrafast"));
    for (const std::string preset : {"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"}) {
        PlanSettings settings;
        settings.preset = preset;
        const auto plan = plan_of(source, settings);
        ASSERT_EQ(plan.video.back().profile, "high");
        VideoWork work;
        for (const auto& rung : plan.video) work.ranges.push_back(all_of(plan, rung.name));
        CollectingSink sink;
        ASSERT_TRUE(run_order(work, plan, source, sink));
        for (const auto& rung : plan.video) {
            const auto verified = verify_init(plan, rung.name, sink.find(ArtefactKind::init_segment, rung.name)->bytes);
            EXPECT_TRUE(verified) << preset << ": " << verified.error().detail;
            EXPECT_TRUE(verify_segment(plan, rung.name, 0, sink.segments(rung.name).at(0)->bytes)) << preset;
        }
    }
}

}  // namespace
}  // namespace movio::media::test
