#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "media/format/measured.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

struct Bandwidth {
    std::int64_t peak = 0;  // bits per second
    std::int64_t average = 0;
};

// How much each segment of a rendition weighs: measured, or at most.
struct Weight {
    std::vector<std::int64_t> bits;  // by segment
    std::int64_t bits_total = 0;     // what the average comes from; not above the sum of `bits`
};

Weight weight_of(const Plan& plan, const VideoRendition& rendition, const Measured* measured);
Weight weight_of(const Plan& plan, const AudioRendition& rendition, const Measured* measured);
// Of the IDR pictures alone, as I-frame playlists hold them; nullopt where they were not all measured.
std::optional<Weight> picture_weight_of(const Plan& plan, const VideoRendition& rendition, const Measured* measured);

// What is played together.
Weight operator+(const Weight& a, const Weight& b);

// RFC 8216 §4.1: the peak is the largest rate of any run of segments that lasts between 0.5 and 1.5 target durations (a
// short last segment does not count alone); of the whole film where it is shorter.
Bandwidth bandwidth_of(const Plan& plan, const Weight& weight);

}  // namespace movio::media
