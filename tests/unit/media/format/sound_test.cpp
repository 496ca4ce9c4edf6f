#include "media/format/sound.hpp"

#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "support/media_films.hpp"

namespace movio::media {
namespace {

using namespace test;

AudioRendition sound_of(const Index& index) {
    const auto plan = make_plan(index, {});
    EXPECT_TRUE(plan.has_value());
    return plan->audio.at(0);
}

TEST(Sound, aac_lc_that_fits_is_passed_through) {
    const auto sound = sound_of(index_of(picture_track(640, 360, {25, 1}, 500), aac_track(1, "en", 940)));
    EXPECT_TRUE(sound.passthrough);
    EXPECT_EQ(sound.media_time, 1024);
    EXPECT_EQ(sound.frames_total, 939);  // one of priming and 937.5 of film
    EXPECT_EQ(sound.codec_config, "1190");
    EXPECT_EQ(sound.kbps, 128);
    EXPECT_EQ(sound.name, "a-1-en-2");
}

TEST(Sound, passing_through_begins_one_packet_before_time_zero) {
    auto early = aac_track(1, "en", 1000);
    early.first_pts = -10'000;
    early.end_pts = early.first_pts + 1000 * 1024;
    const auto index = index_of(picture_track(640, 360, {25, 1}, 500), early);
    const auto sound = sound_of(index);
    ASSERT_TRUE(sound.passthrough);
    EXPECT_EQ(first_packet_kept(index, sound), 8);  // packet 9 holds time zero
    EXPECT_EQ(sound.media_time, 10'000 - 8 * 1024);
    EXPECT_EQ(content_sample(sound, 0), -sound.media_time);
}

TEST(Sound, passing_through_may_begin_half_a_frame_late) {
    auto late = aac_track(1, "en", 940);
    late.first_pts = 512;
    late.end_pts = 512 + 940 * 1024;
    const auto index = index_of(picture_track(640, 360, {25, 1}, 500), late);
    EXPECT_TRUE(sound_of(index).passthrough);
    EXPECT_EQ(sound_of(index).media_time, 0);
    late.first_pts = 513;
    late.end_pts = 513 + 940 * 1024;
    EXPECT_FALSE(sound_of(index_of(picture_track(640, 360, {25, 1}, 500), late)).passthrough);
}

TEST(Sound, time_zero_of_the_film_counts) {
    auto index = index_of(picture_track(640, 360, {25, 1}, 500), aac_track(1, "en", 1100));
    index.time_zero_us = 1'400'000;
    index.tracks[0].first_pts += 35;
    index.tracks[0].end_pts += 35;
    const auto sound = sound_of(index);
    ASSERT_TRUE(sound.passthrough);
    EXPECT_EQ(first_packet_kept(index, sound), 65);  // 67,200 samples + priming = packet 66.6
    EXPECT_EQ(sound.media_time, 67'200 + 1024 - 65 * 1024);
}

TEST(Sound, whatever_does_not_fit_is_encoded) {
    const auto picture = picture_track(640, 360, {25, 1}, 500);
    const auto fits = aac_track(1, "en", 940);
    const auto passes = [&](const Track& track) { return sound_of(index_of(picture, track)).passthrough; };
    ASSERT_TRUE(passes(fits));
    auto track = fits;
    track.audio->aac_lc = false;
    EXPECT_FALSE(passes(track));
    track = fits;
    track.audio->channels = 6;
    EXPECT_FALSE(passes(track));
    track = fits;
    track.audio->gap_max = 513;
    EXPECT_FALSE(passes(track));
    track = fits;
    track.audio->frame_ticks_irregular = 1;
    EXPECT_FALSE(passes(track));
    track = fits;
    track.end_pts = 48 * 19'899;
    track.packets = track.end_pts / 1024 + 1;
    EXPECT_FALSE(passes(track));
    track = fits;
    track.packets -= 2;  // small gaps that add up
    EXPECT_FALSE(passes(track));
    track = fits;
    track.audio->codec_config = "1194";  // 960 samples a frame
    EXPECT_FALSE(passes(track));
    track = fits;
    track.audio->codec_config.clear();
    EXPECT_FALSE(passes(track));
}

TEST(Sound, encoded_is_stereo_with_one_frame_of_priming) {
    const auto sound = sound_of(index_of(picture_track(640, 360, {25, 1}, 500), sound_track(1, "en", 20'000)));
    EXPECT_FALSE(sound.passthrough);
    EXPECT_EQ(sound.channels, 2);
    EXPECT_EQ(sound.sample_rate, 48000);
    EXPECT_EQ(sound.media_time, 1024);
    EXPECT_EQ(sound.frames_total, 1 + 938);
    EXPECT_EQ(sound.kbps, 128);
    EXPECT_EQ(sound.codec_config, "1190");
    auto mono = sound_track(1, "en", 20'000, 1);
    mono.audio->sample_rate = 44100;
    const auto small = sound_of(index_of(picture_track(640, 360, {25, 1}, 500), mono));
    EXPECT_EQ(small.channels, 1);
    EXPECT_EQ(small.sample_rate, 44100);
    EXPECT_EQ(small.kbps, 96);
    EXPECT_EQ(small.codec_config, "1208");
}

// Every plan: segments follow each other without gap, none is empty, and each begins within half a frame of the
// picture.
void expect_aligned(const Plan& plan) {
    for (const auto& sound : plan.audio) {
        std::int64_t next = 0;
        for (std::int64_t k = 0; k < plan.grid.segments(); ++k) {
            const auto range = audio_segment(plan, sound, k);
            ASSERT_EQ(range.first, next);
            ASSERT_GT(range.end, range.first) << "segment " << k << " of " << plan.grid.segments();
            next = range.end;
            if (k == 0) continue;
            // |sample - frame · den · rate / num| <= 512, in units of 1/num.
            const auto picture = plan.grid.segment(k).first_frame * plan.grid.frame_ticks() * sound.sample_rate;
            const auto heard = content_sample(sound, range.first) * plan.grid.timescale();
            ASSERT_LE(std::abs(heard - picture), 512 * plan.grid.timescale());
        }
        ASSERT_EQ(next, sound.frames_total);
        const auto end = content_sample(sound, sound.frames_total) * plan.grid.timescale();
        const auto film = plan.grid.frames_total() * plan.grid.frame_ticks() * sound.sample_rate;
        ASSERT_GE(end, film - (sound.passthrough ? sound.sample_rate / 10 : 0) * plan.grid.timescale());
        ASSERT_LE(end, film + 2048 * plan.grid.timescale());
    }
}

TEST(AudioSegment, drift_never_exceeds_half_a_frame) {
    std::mt19937 random(11);
    const std::vector<Rational> rates{{24000, 1001}, {24, 1}, {25, 1}, {30000, 1001}, {60, 1}, {25, 2}, {17370, 1000}};
    for (int round = 0; round < 700; ++round) {
        const auto rate = rates[static_cast<std::size_t>(round) % rates.size()];
        const std::int64_t frames = std::uniform_int_distribution<std::int64_t>(1, 2000)(random);
        const auto film_ms = scale(frames, 1000 * rate.den, rate.num);
        const auto sample_rate = round % 2 == 0 ? 48000 : 44100;
        auto aac = aac_track(2, "de", scale(film_ms, sample_rate, 1'024'000) + round % 4, sample_rate);
        const auto shift = std::uniform_int_distribution<std::int64_t>(0, 1024)(random);
        aac.first_pts += shift;
        aac.end_pts += shift;
        const auto plan =
            make_plan(index_of(picture_track(640, 360, rate, frames), sound_track(1, "en", film_ms), aac), {});
        ASSERT_TRUE(plan.has_value());
        expect_aligned(*plan);
    }
}

TEST(AudioSegment, last_segment_of_one_short_frame_of_picture_has_sound) {
    for (std::int64_t segments = 1; segments < 200; ++segments) {
        const auto frames = 240 * segments + 1;
        const auto plan =
            make_plan(index_of(picture_track(640, 360, {60, 1}, frames), sound_track(1, "en", frames * 1000 / 60)), {});
        ASSERT_TRUE(plan.has_value());
        expect_aligned(*plan);
    }
}

TEST(AudioSegment, a_day_of_film_stays_aligned) {
    const std::int64_t frames = 24LL * 3600 * 24000 / 1001;
    const auto plan =
        make_plan(index_of(picture_track(640, 360, {24000, 1001}, frames), sound_track(1, "en", 86'399'000)), {});
    ASSERT_TRUE(plan.has_value()) << plan.error().message;
    expect_aligned(*plan);
}

}  // namespace
}  // namespace movio::media
