#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "media/format/plan.hpp"
#include "media/format/storyboard.hpp"

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

// Of content time.
struct Stretch {
    std::int64_t start_ms = 0;
    std::int64_t end_ms = 0;
    bool operator==(const Stretch&) const = default;
};

struct Measured {
    std::map<std::string, std::vector<MeasuredSegment>> renditions;  // by rendition name; segment k at index k
    // Times and processor time; what was made is in `renditions`. Absent in measurements of older versions.
    std::optional<Estimate> actual;
    std::string poster_key;  // relative to the revision's folder, empty when there is none
    // What is absent could not be made or measured; a film plays without it.
    std::optional<Storyboard> storyboard;
    std::int64_t storyboard_bytes = 0;          // all sheets
    std::string preview_key;                    // as poster_key
    std::optional<int> loudness;                // integrated, of the first sound track; hundredths of LUFS
    std::optional<std::vector<Stretch>> black;  // at most limits::kStretchesMax
    std::optional<std::vector<Stretch>> silence;
};

// `actual` with the bytes of every rendition; nullopt where the times are not known.
std::optional<Estimate> actual_of(const Measured& measured);

std::string to_json(const Measured& measured);
Result<Measured> measured_from_json(std::string_view text);

}  // namespace movio::media
