#include "media/format/box_writer.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "media/format/box_reader.hpp"
#include "media/format/hex.hpp"
#include "support/media_films.hpp"
#include "support/media_segments.hpp"

namespace movio::media {
namespace {

using namespace test;

Plan film(std::int64_t frames = 250, Rational rate = {25, 1}) {
    return make_plan(index_of(picture_track(640, 360, rate, frames),
                              sound_track(1, "en", scale(frames, 1000 * rate.den, rate.num))),
                     {})
        .value();
}

TEST(VideoInit, holds_what_was_planned) {
    const auto plan = film();
    const auto config = avc_config();
    const auto bytes = write_video_init(plan, plan.video[0], config, {1, 13, 6, true});
    const auto facts = read_init(bytes);
    ASSERT_TRUE(facts.has_value()) << facts.error().detail;
    EXPECT_EQ(facts->codec, "avc1");
    EXPECT_EQ(facts->timescale, 25);
    EXPECT_EQ(facts->duration, 250);
    EXPECT_EQ(facts->width, 640);
    EXPECT_EQ(facts->height, 360);
    EXPECT_EQ(facts->media_time, 0);
    EXPECT_EQ(facts->colour.primaries, 1);
    EXPECT_EQ(facts->colour.transfer, 13);
    EXPECT_EQ(facts->colour.matrix, 6);
    EXPECT_TRUE(facts->colour.full_range);
    EXPECT_EQ(facts->codec_config, config);
    EXPECT_EQ(bytes, write_video_init(plan, plan.video[0], config, {1, 13, 6, true}));
}

TEST(AudioInit, skips_its_priming_by_an_edit_list) {
    const auto plan = film();
    const auto facts = read_init(write_audio_init(plan.audio[0]));
    ASSERT_TRUE(facts.has_value()) << facts.error().detail;
    EXPECT_EQ(facts->codec, "mp4a");
    EXPECT_EQ(facts->timescale, 48000);
    EXPECT_EQ(facts->media_time, 1024);
    EXPECT_EQ(facts->channels, 2);
    EXPECT_EQ(to_hex(facts->codec_config), "1190");
    auto without = plan.audio[0];
    without.media_time = 0;
    const auto bytes = write_audio_init(without);
    EXPECT_EQ(as_text(bytes).find("elst"), std::string_view::npos);
    EXPECT_EQ(read_init(bytes)->media_time, 0);
}

TEST(Init, duration_of_a_day_takes_64_bits) {
    const auto plan = film(5'178'000, {60000, 1001});
    const auto facts = read_init(write_video_init(plan, plan.video[0], avc_config(), {}));
    ASSERT_TRUE(facts.has_value());
    EXPECT_EQ(facts->duration, 5'178'000LL * 1001);
    EXPECT_GT(facts->duration, std::int64_t{UINT32_MAX});
}

TEST(Segment, comes_back_sample_by_sample) {
    const auto plan = film();
    const auto parts = picture_parts(plan, 1);
    const auto bytes = parts.written(2, 100);
    const auto facts = read_segment(bytes);
    ASSERT_TRUE(facts.has_value()) << facts.error().detail;
    EXPECT_EQ(facts->sequence, 2);
    EXPECT_EQ(facts->decode_time, 100);
    EXPECT_EQ(facts->duration, 100);
    EXPECT_TRUE(facts->first_is_sync());
    ASSERT_EQ(facts->samples.size(), parts.samples.size());
    for (std::size_t i = 0; i < parts.samples.size(); ++i) {
        const auto& sample = facts->samples[i];
        EXPECT_EQ(sample.cts_offset, parts.samples[i].cts_offset);
        EXPECT_EQ(sample.duration, parts.samples[i].duration);
        EXPECT_EQ(sample.sync, i == 0);
        const auto data = ByteView(bytes).subspan(sample.offset, sample.bytes);
        EXPECT_TRUE(std::ranges::equal(data, parts.samples[i].data));
    }
}

TEST(Segment, every_mix_of_durations_and_sync_comes_back) {
    for (unsigned mask = 0; mask < 4096; ++mask) {
        const Bytes data(3, std::byte{9});
        std::vector<Sample> samples;
        for (unsigned i = 0; i < 4; ++i)
            samples.push_back({.data = data,
                               .duration = (mask >> (3 * i) & 1) != 0 ? 1001 : 1000,
                               .cts_offset = (mask >> (3 * i) & 2) != 0 ? -77 : 0,
                               .sync = (mask >> (3 * i) & 4) != 0});
        const auto facts = read_segment(write_segment(1, 0, samples).value());
        ASSERT_TRUE(facts.has_value()) << mask;
        for (std::size_t i = 0; i < 4; ++i) {
            ASSERT_EQ(facts->samples[i].duration, samples[i].duration) << mask;
            ASSERT_EQ(facts->samples[i].cts_offset, samples[i].cts_offset) << mask;
            ASSERT_EQ(facts->samples[i].sync, samples[i].sync) << mask;
        }
    }
}

TEST(Segment, decode_time_takes_64_bits) {
    const Bytes data(3, std::byte{9});
    const std::vector<Sample> samples{{.data = data, .duration = 1001, .cts_offset = 0, .sync = true}};
    EXPECT_EQ(read_segment(write_segment(21'600, 5'178'000LL * 1001, samples).value())->decode_time,
              5'178'000LL * 1001);
}

TEST(Segment, larger_than_the_limit_is_refused) {
    const Bytes data(static_cast<std::size_t>(limits::kSegmentBytesMax), std::byte{9});
    const std::vector<Sample> samples{{.data = data, .duration = 1, .cts_offset = 0, .sync = true}};
    const auto written = write_segment(1, 0, samples);
    ASSERT_FALSE(written.has_value());
    EXPECT_EQ(written.error().code, ErrorCode::too_large);
}

TEST(Segment, decode_times_follow_each_other) {
    const auto plan = film(1000, {30000, 1001});
    std::int64_t picture = 0;
    std::int64_t sound = 0;
    for (std::int64_t k = 0; k < plan.grid.segments(); ++k) {
        const auto picture_facts = read_segment(picture_segment(plan, k)).value();
        const auto sound_facts = read_segment(sound_segment(plan, k)).value();
        EXPECT_EQ(picture_facts.decode_time, picture);
        EXPECT_EQ(sound_facts.decode_time, sound);
        picture += picture_facts.duration;
        sound += sound_facts.duration;
    }
    EXPECT_EQ(picture, 1000 * 1001);
    EXPECT_EQ(sound, plan.audio[0].frames_total * 1024);
}

}  // namespace
}  // namespace movio::media
