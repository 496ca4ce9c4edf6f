#include "media/format/grid.hpp"

#include <algorithm>
#include <cassert>

namespace movio::media {

namespace {

constexpr std::int64_t kSegmentSeconds = 4;

}  // namespace

Grid Grid::every(Rational frame_rate, std::int64_t frames_total) {
    assert(frame_rate.positive() && frames_total >= 0);
    Grid grid;
    grid.frame_rate_ = frame_rate;
    grid.frames_total_ = frames_total;
    grid.frames_each_ = std::max<std::int64_t>(1, scale(kSegmentSeconds, frame_rate.num, frame_rate.den));
    return grid;
}

Grid Grid::explicit_list(Rational frame_rate, std::int64_t frames_total, std::vector<std::int64_t> first_frames) {
    assert(frame_rate.positive() && !first_frames.empty() && first_frames.front() == 0);
    assert(std::ranges::is_sorted(first_frames, std::ranges::less_equal{}) && first_frames.back() < frames_total);
    Grid grid;
    grid.frame_rate_ = frame_rate;
    grid.frames_total_ = frames_total;
    grid.first_frames_ = std::move(first_frames);
    return grid;
}

std::int64_t Grid::segments() const {
    if (is_explicit()) return static_cast<std::int64_t>(first_frames_.size());
    return frames_each_ == 0 ? 0 : (frames_total_ + frames_each_ - 1) / frames_each_;
}

Grid::Segment Grid::segment(std::int64_t k) const {
    assert(k >= 0 && k < segments());
    if (!is_explicit()) {
        const auto first = k * frames_each_;
        return {first, std::min(frames_each_, frames_total_ - first)};
    }
    const auto index = static_cast<std::size_t>(k);
    const auto end = index + 1 < first_frames_.size() ? first_frames_[index + 1] : frames_total_;
    return {first_frames_[index], end - first_frames_[index]};
}

std::int64_t Grid::segment_of(std::int64_t frame) const {
    assert(frame >= 0 && frame < frames_total_);
    if (!is_explicit()) return frame / frames_each_;
    const auto after = std::ranges::upper_bound(first_frames_, frame);
    return after - first_frames_.begin() - 1;
}

std::int64_t Grid::duration_ms() const { return scale(frames_total_, 1000 * frame_rate_.den, frame_rate_.num); }

std::int64_t slot_of(std::int64_t ticks, Rational time_base, Rational frame_rate) {
    const Wide den = static_cast<Wide>(time_base.den) * frame_rate.den;
    const Wide twice = static_cast<Wide>(ticks) * time_base.num * frame_rate.num * 2 - den;
    const Wide floor = twice / (2 * den) - (twice % (2 * den) < 0 ? 1 : 0);
    return static_cast<std::int64_t>(floor + (twice == floor * 2 * den ? 0 : 1));
}

std::int64_t latest_shown(std::int64_t frame, Rational time_base, Rational frame_rate) {
    const Wide num = (static_cast<Wide>(frame) * 2 + 1) * frame_rate.den * time_base.den;
    return static_cast<std::int64_t>(num / (static_cast<Wide>(frame_rate.num) * time_base.num * 2));
}

}  // namespace movio::media
