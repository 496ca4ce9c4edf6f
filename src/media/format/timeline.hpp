#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "media/format/plan.hpp"

namespace movio::media {

// When the segments of one rendition begin and how long they last, in ticks of its timescale. The beginnings are the
// decode times (tfdt).
struct Timeline {
    std::int64_t timescale = 1;
    std::int64_t media_time = 0;       // ticks before content time 0
    std::vector<std::int64_t> starts;  // one more than there are segments: the last is the end

    std::size_t segments() const { return starts.size() - 1; }
    std::int64_t duration(std::size_t k) const { return starts[k + 1] - starts[k]; }
    // Microseconds of content that segment k shows; priming is not content. Differences of rounded times, so that
    // sums do not drift.
    std::int64_t content_us(std::size_t k) const { return content_start_us(k + 1) - content_start_us(k); }
    std::int64_t content_start_us(std::size_t k) const;
};

Timeline timeline_of(const Plan& plan, const VideoRendition& rendition);
Timeline timeline_of(const Plan& plan, const AudioRendition& rendition);
std::int64_t film_duration_us(const Plan& plan);
// Where the last segment of the longest rendition ends: sound has whole frames, so that may be behind the last picture.
// Whole milliseconds, rounded up: a player that finds itself behind the end it was told goes back (dash.js 5.2.1).
std::int64_t presentation_end_us(const Plan& plan);

// Whole seconds that no segment of any rendition exceeds once rounded (RFC 8216 §4.3.3.1); the same for all of them.
std::int64_t target_duration_seconds(const Plan& plan);

// "4.004000": seconds with six decimals.
std::string decimal_seconds(std::int64_t microseconds);

}  // namespace movio::media
