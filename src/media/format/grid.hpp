#pragma once
#include <cstdint>
#include <vector>

#include "media/format/rational.hpp"

namespace movio::media {

// Where every segment of a film begins and ends. Everybody who needs a boundary asks `segment(k)`; nothing else in the
// program multiplies by the segment length. Segments are counted from 0 here; files and `$Number$` are k + 1.
// A film without picture has a grid of 25 fps, so that its sound is cut the same way.
class Grid {
public:
    struct Segment {
        std::int64_t first_frame = 0;
        std::int64_t frames = 0;
    };

    // Every round(4 · fps) frames; the last segment is shorter.
    static Grid every(Rational frame_rate, std::int64_t frames_total);
    // Boundaries of a track that is passed through: the first frame of each segment, ascending, beginning with 0.
    static Grid explicit_list(Rational frame_rate, std::int64_t frames_total, std::vector<std::int64_t> first_frames);

    std::int64_t segments() const;
    Segment segment(std::int64_t k) const;
    // The segment that holds this frame.
    std::int64_t segment_of(std::int64_t frame) const;

    Rational frame_rate() const { return frame_rate_; }
    std::int64_t frames_total() const { return frames_total_; }
    std::int64_t frames_each() const { return frames_each_; }
    const std::vector<std::int64_t>& first_frames() const { return first_frames_; }
    bool is_explicit() const { return !first_frames_.empty(); }

    // Video timescale = numerator of the rate; one frame lasts the denominator (ISO/IEC 14496-12 §8.4.2 mdhd).
    std::int64_t timescale() const { return frame_rate_.num; }
    std::int64_t frame_ticks() const { return frame_rate_.den; }
    std::int64_t duration_ms() const;

private:
    Rational frame_rate_{25, 1};
    std::int64_t frames_total_ = 0;
    std::int64_t frames_each_ = 0;
    std::vector<std::int64_t> first_frames_;
};

// The first frame of the grid that shows a picture of this time: the smallest i with time ≤ (i + 1/2) frames.
std::int64_t slot_of(std::int64_t ticks_from_first, Rational time_base, Rational frame_rate);
// The latest time, in ticks, that frame i shows.
std::int64_t latest_shown(std::int64_t frame, Rational time_base, Rational frame_rate);

}  // namespace movio::media
