#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <vector>

#include "media/format/plan.hpp"

namespace movio::media {

namespace {

constexpr std::array<std::int64_t, 5> kUsualRates{24, 25, 30, 50, 60};
constexpr std::int64_t kRateMax = 60;

bool less(Rational a, Rational b) { return static_cast<Wide>(a.num) * b.den < static_cast<Wide>(b.num) * a.den; }

// |a / b - 1| <= parts / 1,000,000.
bool within_ppm(Rational a, Rational b, std::int64_t parts) {
    const Wide left = static_cast<Wide>(a.num) * b.den;
    const Wide right = static_cast<Wide>(b.num) * a.den;
    const Wide distance = left > right ? left - right : right - left;
    return distance * 1'000'000 <= right * parts;
}

// Container clocks round times to their ticks, so a measured rate is a little off a usual one (n or n · 1000/1001).
Rational tidy(Rational rate, std::int64_t tolerance_ppm) {
    std::optional<Rational> best;
    std::int64_t best_ppm = tolerance_ppm;
    for (std::int64_t n = 1; n <= kRateMax; ++n)
        for (const auto candidate : {Rational{n, 1}, Rational{n * 1000, 1001}}) {
            if (!within_ppm(rate, candidate, best_ppm)) continue;
            const Wide left = static_cast<Wide>(rate.num) * candidate.den;
            const Wide right = static_cast<Wide>(candidate.num) * rate.den;
            best_ppm = static_cast<std::int64_t>((left > right ? left - right : right - left) * 1'000'000 / right);
            best = candidate;
        }
    if (best) return *best;
    const auto exact = reduced(rate);
    if (exact.num <= 60'000 && exact.den <= 1001) return exact;
    return reduced({std::max<std::int64_t>(1, scale(rate.num, 1000, rate.den)), 1000});
}

// The rate of a source whose frames come evenly: 99 of 100 distances are within 1 % of the middle one, or within one
// tick where a tick is a small part of it; 1 in 20 may be a hole of whole frames.
std::optional<Rational> even_rate(const std::vector<std::int64_t>& pts, Rational time_base) {
    std::vector<std::int64_t> distances;
    distances.reserve(pts.size());
    for (std::size_t i = 1; i < pts.size(); ++i) distances.push_back(pts[i] - pts[i - 1]);
    if (distances.empty()) return std::nullopt;
    auto sorted = distances;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::ranges::nth_element(sorted, middle);
    const auto usual = *middle;
    if (usual <= 0) return std::nullopt;
    const bool fine_clock = usual >= 10;
    std::int64_t uneven = 0;
    std::int64_t holes = 0;
    std::int64_t count = 0;
    std::int64_t ticks = 0;
    for (const auto distance : distances) {
        const auto frames = std::max<std::int64_t>(1, scale(distance, 1, usual));
        const auto off = std::abs(distance - frames * usual);
        const bool even = static_cast<Wide>(off) * 100 <= distance || (fine_clock && off <= 1);
        if (frames > 1) ++holes;
        if (!even) ++uneven;
        count += even ? frames : 0;
        ticks += even ? distance : 0;
    }
    const auto all = static_cast<std::int64_t>(distances.size());
    if (uneven * 100 > all || holes * 20 > all) return std::nullopt;
    const Wide num = static_cast<Wide>(count) * time_base.den;
    const Wide den = static_cast<Wide>(ticks) * time_base.num;
    if (num > INT64_MAX || den > INT64_MAX) return std::nullopt;
    // The sum of the distances is off by up to a tick and a half.
    const auto tolerance_ppm = std::max<std::int64_t>(200, std::min<std::int64_t>(5000, 1'500'000 / ticks));
    return tidy({static_cast<std::int64_t>(num), static_cast<std::int64_t>(den)}, tolerance_ppm);
}

// Every frame goes to the place of the grid that is nearest to its time; of several in one place one is shown; an empty
// place repeats the frame before.
FrameRateChoice resampled(const std::vector<std::int64_t>& pts, Rational time_base, Rational rate) {
    FrameRateChoice choice{.rate = rate};
    std::int64_t place_before = -1;
    for (const auto time : pts) {
        const auto place = scale(time - pts.front(), time_base.num * rate.num, time_base.den * rate.den);
        if (place <= place_before)
            ++choice.dropped;
        else
            choice.repeated += place - place_before - 1;
        place_before = std::max(place, place_before);
    }
    return choice;
}

}  // namespace

FrameRateChoice choose_frame_rate(const std::vector<std::int64_t>& pts, Rational time_base) {
    if (pts.size() < 2 || !time_base.positive()) return {};
    std::vector<Rational> candidates;
    candidates.reserve(std::size(kUsualRates) + 1);
    for (const auto rate : kUsualRates) candidates.push_back({rate, 1});
    const auto even = even_rate(pts, time_base);
    // Below one frame a second segments of four seconds cannot be cut.
    const bool usable = even && !less(*even, {1, 1}) && !less({kRateMax, 1}, *even);
    if (usable) candidates.insert(candidates.begin(), *even);
    std::ranges::sort(candidates, less);

    const auto frames = static_cast<std::int64_t>(pts.size());
    for (const auto candidate : candidates) {
        // A short clip loses no frame at a slightly lower rate, but its rate is still the even one.
        if (even && less({candidate.num * 100, candidate.den}, {even->num * 98, even->den})) continue;
        auto choice = resampled(pts, time_base, candidate);
        if (choice.dropped * 50 < frames) return choice;
    }
    return resampled(pts, time_base, {kRateMax, 1});
}

}  // namespace movio::media
