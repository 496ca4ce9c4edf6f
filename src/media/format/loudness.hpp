#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "media/format/measured.hpp"

namespace movio::media {

// Loudness by ITU-R BS.1770-4, piece by piece: where sound is decoded, the K-weighted level of each step of 100 ms is
// kept, and the end puts blocks of 400 ms together and gates them. Levels are hundredths of LUFS.

inline constexpr int kLevelOfSilence = -12'000;
inline constexpr std::int64_t kStepsPerSecond = 10;

// Sample behind the last one of step j.
std::int64_t step_end(std::int64_t step, int sample_rate);

class LoudnessMeter {
public:
    // The row of samples that follows begins with `first_sample` of the film; mono or stereo (of more channels, the
    // first two count).
    LoudnessMeter(int sample_rate, std::int64_t first_sample);

    void add(std::span<const std::vector<float>> channels);

    struct Step {
        std::int64_t number = 0;
        int level = kLevelOfSilence;
    };
    // Steps of which every sample was heard, ascending, since the last call.
    std::vector<Step> take();

private:
    static constexpr std::size_t kChannels = 2;
    struct Biquad {
        double b0, b1, b2, a1, a2;
    };
    // The last two samples of each channel: as they came, behind the shelf, and behind the high pass.
    struct Past {
        using Samples = std::array<double, kChannels>;
        Samples came1{}, came2{}, shelved1{}, shelved2{}, passed1{}, passed2{};
    };
    template <std::size_t kHeard>
    void hear(const std::array<const float*, kChannels>& channels, std::size_t count);
    void end_step();
    static Biquad shelf_of(int rate);
    static Biquad high_pass_of(int rate);

    int rate_;
    std::int64_t sample_;
    std::int64_t step_;
    bool whole_;  // the present step was heard from its beginning
    double energy_ = 0;
    Biquad shelf_;
    Biquad high_pass_;
    Past past_;
    std::vector<Step> steps_;
};

// The levels of one piece of a film's sound: stored as work/<video>/<revision>/levels-<segment>.json.
struct Levels {
    std::int64_t first_step = 0;
    std::vector<int> levels;
};

std::string to_json(const Levels& levels);
Result<Levels> levels_from_json(std::string_view text);

struct SoundFigures {
    std::optional<int> loudness;   // integrated; none where all is quieter than the absolute gate
    std::vector<Stretch> silence;  // of two seconds or longer
};
// nullopt when a step between the first and the last is missing, or there is none.
std::optional<SoundFigures> sound_figures(std::vector<Levels> pieces, std::int64_t duration_ms);

}  // namespace movio::media
