#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// What was really made, written once when every segment of a revision is verified: measured.json. Bandwidths in final
// manifests come from it.
struct MeasuredSegment {
    std::int64_t bytes = 0;
    std::int64_t ticks = 0;    // duration in the rendition's timescale
    std::int64_t damaged = 0;  // frames that repeat the last good one, or are silence, because the source was bad
    // From moof (at kMoofOffset) to the end of the IDR picture; 0 for sound, and where it was not measured.
    std::int64_t picture_bytes = 0;
};

struct Measured {
    std::map<std::string, std::vector<MeasuredSegment>> renditions;  // by rendition name; segment k at index k
    // Times and processor time; what was made is in `renditions`. Absent in measurements of older versions.
    std::optional<Estimate> actual;
    std::string poster_key;  // relative to the revision's folder, empty when there is none
};

// `actual` with the bytes of every rendition; nullopt where the times are not known.
std::optional<Estimate> actual_of(const Measured& measured);

std::string to_json(const Measured& measured);
Result<Measured> measured_from_json(std::string_view text);

}  // namespace movio::media
