#include "media/format/loudness.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "base/limits.hpp"
#include "media/format/json_fields.hpp"
#include "media/format/rational.hpp"

namespace movio::media {

namespace {

constexpr double kOffset = -0.691;       // BS.1770-4, equation 2: a tone of 1 kHz gives its level
constexpr int kAbsoluteGate = -7000;     // hundredths of LUFS
constexpr double kRelativeGate = -10.0;  // LU
constexpr std::size_t kStepsPerBlock = 4;
constexpr int kSilentBelow = -6000;
// Amplitude far below every level. Left to themselves, filters that hear silence die away into numbers that are so
// small that processors take a hundred times longer for each.
constexpr double kNothing = 1e-30;
constexpr std::int64_t kSilenceMsMin = 2000;
constexpr std::int64_t kStepMs = 1000 / kStepsPerSecond;
constexpr std::size_t kStepsMax = (limits::kDurationSecondsMax + 600) * kStepsPerSecond;

double energy_of(int level) {
    return level <= kLevelOfSilence ? 0.0 : std::pow(10.0, (level / 100.0 - kOffset) / 10.0);
}

int level_of(double energy) {
    const double lowest = std::pow(10.0, (kLevelOfSilence / 100.0 - kOffset) / 10.0);
    // Written so that what is not a number counts as silence.
    if (!(energy > lowest)) return kLevelOfSilence;
    return static_cast<int>(std::lround(std::min(10'000.0, 100.0 * (kOffset + 10.0 * std::log10(energy)))));
}

std::optional<int> gated(const std::vector<double>& blocks, double gate) {
    double sum = 0;
    std::size_t count = 0;
    for (const double block : blocks) {
        if (block <= gate) continue;
        sum += block;
        ++count;
    }
    return count == 0 ? std::nullopt : std::optional(level_of(sum / static_cast<double>(count)));
}

std::optional<int> integrated(const std::vector<int>& levels) {
    std::vector<double> blocks;
    for (std::size_t at = 0; at + kStepsPerBlock <= levels.size(); ++at) {
        double sum = 0;
        for (std::size_t i = 0; i < kStepsPerBlock; ++i) sum += energy_of(levels[at + i]);
        blocks.push_back(sum / static_cast<double>(kStepsPerBlock));
    }
    const auto loud = gated(blocks, energy_of(kAbsoluteGate));
    if (!loud) return std::nullopt;
    const double relative = energy_of(*loud) * std::pow(10.0, kRelativeGate / 10.0);
    return gated(blocks, std::max(relative, energy_of(kAbsoluteGate)));
}

std::vector<Stretch> silences(const std::vector<int>& levels, std::int64_t duration_ms) {
    std::vector<Stretch> found;
    for (std::size_t at = 0; at < levels.size() && found.size() < limits::kStretchesMax;) {
        auto end = at;
        while (end < levels.size() && levels[end] < kSilentBelow) ++end;
        const Stretch stretch{static_cast<std::int64_t>(at) * kStepMs,
                              std::min(static_cast<std::int64_t>(end) * kStepMs, duration_ms)};
        if (stretch.end_ms - stretch.start_ms >= kSilenceMsMin) found.push_back(stretch);
        at = std::max(end, at + 1);
    }
    return found;
}

}  // namespace

std::int64_t step_end(std::int64_t step, int sample_rate) {
    return scale(step + 1, sample_rate, kStepsPerSecond, Rounding::down);
}

// The two filters of annex 1 for any sample rate: the analogue prototypes that its tables for 48 kHz come from.
LoudnessMeter::Biquad LoudnessMeter::shelf_of(int rate) {
    constexpr double kHz = 1681.974450955533;
    constexpr double kGain = 3.999843853973347;
    constexpr double kQuality = 0.7071752369554196;
    const double k = std::tan(std::numbers::pi * kHz / rate);
    const double high = std::pow(10.0, kGain / 20.0);
    const double band = std::pow(high, 0.4996667741545416);
    const double a0 = 1.0 + k / kQuality + k * k;
    return {(high + band * k / kQuality + k * k) / a0, 2.0 * (k * k - high) / a0,
            (high - band * k / kQuality + k * k) / a0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / kQuality + k * k) / a0};
}

LoudnessMeter::Biquad LoudnessMeter::high_pass_of(int rate) {
    constexpr double kHz = 38.13547087602444;
    constexpr double kQuality = 0.5003270373238773;
    const double k = std::tan(std::numbers::pi * kHz / rate);
    const double a0 = 1.0 + k / kQuality + k * k;
    return {1.0, -2.0, 1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / kQuality + k * k) / a0};
}

LoudnessMeter::LoudnessMeter(int sample_rate, std::int64_t first_sample)
    : rate_(sample_rate),
      sample_(first_sample),
      step_(scale(first_sample, kStepsPerSecond, sample_rate, Rounding::down)),
      shelf_(shelf_of(sample_rate)),
      high_pass_(high_pass_of(sample_rate)) {
    while (step_end(step_, rate_) <= sample_) ++step_;
    whole_ = (step_ == 0 ? 0 : step_end(step_ - 1, rate_)) == sample_;
}

void LoudnessMeter::end_step() {
    const auto begin = step_ == 0 ? 0 : step_end(step_ - 1, rate_);
    const auto samples = static_cast<double>(step_end(step_, rate_) - begin);
    if (whole_) steps_.push_back({step_, level_of(energy_ / samples)});
    whole_ = true;
    energy_ = 0;
    ++step_;
}

// What takes the time is that each sample waits for the one before; so all is in locals, both channels go side by side,
// and what hangs on the last output comes last.
template <std::size_t kHeard>
void LoudnessMeter::hear(const std::array<const float*, kChannels>& channels, std::size_t count) {
    Past past = past_;
    const Biquad shelf = shelf_;
    const Biquad high_pass = high_pass_;
    std::array<double, kHeard> energy{};
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t c = 0; c < kHeard; ++c) {
            const auto came = static_cast<double>(channels[c][i]);
            const double shelved =
                (shelf.b0 * came + shelf.b1 * past.came1[c] + shelf.b2 * past.came2[c] - shelf.a2 * past.shelved2[c]) -
                shelf.a1 * past.shelved1[c];
            const double passed = (high_pass.b0 * shelved + high_pass.b1 * past.shelved1[c] +
                                   high_pass.b2 * past.shelved2[c] - high_pass.a2 * past.passed2[c]) -
                                  high_pass.a1 * past.passed1[c];
            energy[c] += passed * passed;
            past.came2[c] = std::exchange(past.came1[c], came);
            past.shelved2[c] = std::exchange(past.shelved1[c], shelved);
            past.passed2[c] = std::exchange(past.passed1[c], passed);
        }
    }
    for (auto* samples : {&past.shelved1, &past.shelved2, &past.passed1, &past.passed2})
        for (auto& sample : *samples)
            if (std::abs(sample) < kNothing) sample = 0;
    past_ = past;
    for (const double one : energy) energy_ += one;
}

void LoudnessMeter::add(std::span<const std::vector<float>> channels) {
    if (channels.empty()) return;
    const auto count = channels.front().size();
    for (std::size_t at = 0; at < count;) {
        const auto left = static_cast<std::size_t>(step_end(step_, rate_) - sample_);
        const auto run = std::min(count - at, left);
        if (channels.size() == 1)
            hear<1>({channels[0].data() + at}, run);
        else
            hear<2>({channels[0].data() + at, channels[1].data() + at}, run);
        at += run;
        sample_ += static_cast<std::int64_t>(run);
        if (run == left) end_step();
    }
}

std::vector<LoudnessMeter::Step> LoudnessMeter::take() { return std::exchange(steps_, {}); }

std::string to_json(const Levels& levels) {
    JsonWriter writer;
    writer.begin_object().member("first_step", levels.first_step).key("levels").begin_array();
    for (const auto level : levels.levels) writer.value(level);
    writer.end_array().end_object();
    return writer.take();
}

Result<Levels> levels_from_json(std::string_view text) {
    const auto document = parse_document(text, "The levels of the sound");
    if (!document) return std::unexpected(document.error());
    std::optional<Error> failure;
    JsonFields fields(*document, "The levels of the sound", failure);
    Levels levels;
    levels.first_step = fields.integer("first_step", 0, static_cast<std::int64_t>(kStepsMax));
    fields.each_value("levels", kStepsMax, [&](const JsonView& element) {
        const auto level = element.integer();
        if (!level || *level < kLevelOfSilence || *level > 10'000)
            return fields.fail("levels", "hundredths of LUFS are expected");
        levels.levels.push_back(static_cast<int>(*level));
    });
    if (failure) return std::unexpected(*failure);
    return levels;
}

std::optional<SoundFigures> sound_figures(std::vector<Levels> pieces, std::int64_t duration_ms) {
    if (pieces.empty()) return std::nullopt;
    std::ranges::sort(pieces, {}, &Levels::first_step);
    std::vector<int> levels;
    for (const auto& piece : pieces) {
        if (std::cmp_not_equal(piece.first_step, levels.size())) return std::nullopt;
        levels.insert(levels.end(), piece.levels.begin(), piece.levels.end());
    }
    // The last step may be cut short by the end.
    if (static_cast<std::int64_t>(levels.size() + 2) * kStepMs < duration_ms) return std::nullopt;
    return SoundFigures{integrated(levels), silences(levels, duration_ms)};
}

}  // namespace movio::media
