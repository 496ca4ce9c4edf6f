#include "media/format/loudness.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace movio::media {
namespace {

// A sine in both channels; `amplitude` by second.
std::vector<std::vector<float>> tone(int rate, double hertz, const std::vector<double>& amplitudes) {
    std::vector<float> samples;
    for (std::size_t i = 0; i < amplitudes.size() * static_cast<std::size_t>(rate); ++i) {
        const double phase = 2 * std::numbers::pi * hertz * static_cast<double>(i) / rate;
        samples.push_back(static_cast<float>(amplitudes[i / static_cast<std::size_t>(rate)] * std::sin(phase)));
    }
    return {samples, samples};
}

Levels levels_of(const std::vector<std::vector<float>>& sound, int rate, std::int64_t first_sample = 0) {
    LoudnessMeter meter(rate, first_sample);
    meter.add(sound);
    Levels levels;
    for (const auto& step : meter.take()) {
        if (levels.levels.empty()) levels.first_step = step.number;
        levels.levels.push_back(step.level);
    }
    return levels;
}

double decibel(double level) { return std::pow(10.0, level / 20.0); }

// BS.1770-4 annex 1: a sine of 997 Hz at full scale in one channel is -3.01 LUFS; in both it is 0.
TEST(Loudness, of_a_full_tone_is_as_the_standard_says_at_any_rate) {
    for (const int rate : {44100, 48000, 32000, 22050, 11025, 8000}) {
        const auto sound = tone(rate, 997, std::vector<double>(10, 1.0));
        const auto figures = sound_figures({levels_of(sound, rate)}, 10'000);
        ASSERT_TRUE(figures && figures->loudness) << rate;
        EXPECT_NEAR(*figures->loudness, 0, 15) << rate;
        auto mono = sound;
        mono.pop_back();
        EXPECT_NEAR(*sound_figures({levels_of(mono, rate)}, 10'000)->loudness, -301, 15) << rate;
    }
}

// EBU Tech 3341, test case 3: 10 s of -36 dBFS, 60 s of -23, 10 s of -36 are -23 LUFS.
TEST(Loudness, leaves_out_what_is_far_below_the_rest) {
    std::vector<double> amplitudes(80, decibel(-23));
    std::fill_n(amplitudes.begin(), 10, decibel(-36));
    std::fill_n(amplitudes.end() - 10, 10, decibel(-36));
    const auto figures = sound_figures({levels_of(tone(48000, 1000, amplitudes), 48000)}, 80'000);
    ASSERT_TRUE(figures && figures->loudness);
    EXPECT_NEAR(*figures->loudness, -2300, 10);
}

// Case 5: 20 s of -26, 20.1 s of -20, 20 s of -26 are -23 LUFS.
TEST(Loudness, weighs_by_energy) {
    std::vector<double> amplitudes(60, decibel(-26));
    std::fill_n(amplitudes.begin() + 20, 20, decibel(-20));
    const auto figures = sound_figures({levels_of(tone(48000, 1000, amplitudes), 48000)}, 60'000);
    ASSERT_TRUE(figures && figures->loudness);
    EXPECT_NEAR(*figures->loudness, -2300, 10);
}

TEST(Loudness, silence_has_none_and_is_told) {
    const auto silent = sound_figures({levels_of(tone(48000, 1000, std::vector<double>(5, 0.0)), 48000)}, 5000);
    ASSERT_TRUE(silent);
    EXPECT_EQ(silent->loudness, std::nullopt);
    EXPECT_EQ(silent->silence, (std::vector<Stretch>{{0, 5000}}));
    std::vector<double> amplitudes{0.1, 0.1, 0, 0, 0, 0.1, 0, 0.1};
    const auto figures = sound_figures({levels_of(tone(48000, 1000, amplitudes), 48000)}, 8000);
    ASSERT_EQ(figures->silence.size(), 1U) << "a pause of a second is none";
    EXPECT_NEAR(static_cast<double>(figures->silence[0].start_ms), 2000, 200);
    EXPECT_EQ(figures->silence[0].end_ms, 5000);
}

TEST(Loudness, pieces_fit_together_whoever_measured_them) {
    const int rate = 44100;
    std::vector<double> amplitudes;
    for (int second = 0; second < 20; ++second) amplitudes.push_back(decibel(-30 + second % 5 * 4));
    const auto sound = tone(rate, 440, amplitudes);
    const auto whole = levels_of(sound, rate);
    ASSERT_EQ(whole.levels.size(), 200U);
    // The second piece begins somewhere within a step, two seconds early.
    const std::int64_t from = 10 * rate - 777;
    std::vector<std::vector<float>> rest;
    for (const auto& channel : sound) rest.emplace_back(channel.begin() + from, channel.end());
    auto second = levels_of(rest, rate, from);
    EXPECT_EQ(second.first_step, 100);
    second.levels.erase(second.levels.begin(), second.levels.begin() + 20);
    second.first_step += 20;
    Levels first{0, {whole.levels.begin(), whole.levels.begin() + 120}};
    for (std::size_t i = 0; i < second.levels.size(); ++i) EXPECT_NEAR(second.levels[i], whole.levels[120 + i], 2);
    const auto joined = sound_figures({second, first}, 20'000);
    ASSERT_TRUE(joined);
    EXPECT_NEAR(*joined->loudness, *sound_figures({whole}, 20'000)->loudness, 2);
    EXPECT_FALSE(sound_figures({second}, 20'000)) << "a piece is missing";
    EXPECT_FALSE(sound_figures({first}, 20'000)) << "the end is missing";
    EXPECT_FALSE(sound_figures({}, 20'000));
    EXPECT_FALSE(sound_figures({}, 40)) << "a film without sound, however short";
}

// Without care, filters that hear silence go on with numbers so small that each takes a hundred times longer.
TEST(Loudness, silence_takes_no_longer_than_sound) {
    const auto seconds_of = [](double amplitude) {
        const auto sound = tone(48000, 997, std::vector<double>(60, amplitude));
        LoudnessMeter meter(48000, 0);
        meter.add(tone(48000, 997, {1.0}));
        const auto begin = std::chrono::steady_clock::now();
        meter.add(sound);
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    const auto least_of = [&](double amplitude) {
        return std::min({seconds_of(amplitude), seconds_of(amplitude), seconds_of(amplitude)});
    };
    EXPECT_LT(least_of(0.0), 5 * least_of(0.5));
}

TEST(LevelsJson, comes_back_as_it_was) {
    const Levels levels{12, {-2300, kLevelOfSilence, 5}};
    const auto again = levels_from_json(to_json(levels));
    ASSERT_TRUE(again);
    EXPECT_EQ(to_json(*again), to_json(levels));
    EXPECT_FALSE(levels_from_json(R"({"first_step":-1,"levels":[]})"));
    EXPECT_FALSE(levels_from_json(R"({"first_step":0,"levels":[-12001]})"));
    EXPECT_FALSE(levels_from_json(R"({"first_step":0,"levels":["loud"]})"));
}

}  // namespace
}  // namespace movio::media
