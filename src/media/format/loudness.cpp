#include "media/format/loudness.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/limits.hpp"
#include "media/format/json_fields.hpp"
#include "media/format/rational.hpp"

namespace movio::media {

namespace {

constexpr std::size_t kChannels = 2;
constexpr double kOffset = -0.691;       // BS.1770-4, equation 2: a tone of 1 kHz gives its level
constexpr int kAbsoluteGate = -7000;     // hundredths of LUFS
constexpr double kRelativeGate = -10.0;  // LU
constexpr std::size_t kStepsPerBlock = 4;
constexpr int kSilentBelow = -6000;
constexpr std::int64_t kSilenceMsMin = 2000;
constexpr std::int64_t kStepMs = 1000 / kStepsPerSecond;
constexpr std::size_t kStepsMax = (limits::kDurationSecondsMax + 600) * kStepsPerSecond;

// The two filters of annex 1 for any sample rate: the analogue prototypes that its tables for 48 kHz come from.
struct Coefficients {
    double b0, b1, b2, a1, a2;
};

Coefficients shelf_of(int rate) {
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

Coefficients high_pass_of(int rate) {
    constexpr double kHz = 38.13547087602444;
    constexpr double kQuality = 0.5003270373238773;
    const double k = std::tan(std::numbers::pi * kHz / rate);
    const double a0 = 1.0 + k / kQuality + k * k;
    return {1.0, -2.0, 1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / kQuality + k * k) / a0};
}

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

double LoudnessMeter::Biquad::pass(double x) {
    const double y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    return y;
}

LoudnessMeter::LoudnessMeter(int sample_rate, std::int64_t first_sample)
    : rate_(sample_rate),
      sample_(first_sample),
      step_(scale(first_sample, kStepsPerSecond, sample_rate, Rounding::down)),
      channels_(kChannels) {
    while (step_end(step_, rate_) <= sample_) ++step_;
    whole_ = (step_ == 0 ? 0 : step_end(step_ - 1, rate_)) == sample_;
    for (auto& channel : channels_) {
        const auto shelf = shelf_of(rate_);
        const auto pass = high_pass_of(rate_);
        channel.shelf = {shelf.b0, shelf.b1, shelf.b2, shelf.a1, shelf.a2};
        channel.high_pass = {pass.b0, pass.b1, pass.b2, pass.a1, pass.a2};
    }
}

void LoudnessMeter::end_step() {
    const auto begin = step_ == 0 ? 0 : step_end(step_ - 1, rate_);
    const auto samples = static_cast<double>(step_end(step_, rate_) - begin);
    if (whole_) steps_.push_back({step_, level_of(energy_ / samples)});
    whole_ = true;
    energy_ = 0;
    ++step_;
}

void LoudnessMeter::add(std::span<const std::vector<float>> channels) {
    if (channels.empty()) return;
    const auto used = std::min(channels.size(), kChannels);
    auto end = step_end(step_, rate_);
    for (std::size_t i = 0; i < channels.front().size(); ++i) {
        for (std::size_t c = 0; c < used; ++c) {
            auto& filter = channels_[c];
            const double heard = filter.high_pass.pass(filter.shelf.pass(static_cast<double>(channels[c][i])));
            energy_ += heard * heard;
        }
        if (++sample_ < end) continue;
        end_step();
        end = step_end(step_, rate_);
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
