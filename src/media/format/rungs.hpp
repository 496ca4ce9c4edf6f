#pragma once
#include <optional>
#include <vector>

#include "media/format/plan.hpp"
#include "media/format/source_rate.hpp"

namespace movio::media {

struct Ladder {
    std::vector<VideoRendition> rungs;  // lowest first; empty when the picture fits no H.264 level
    std::vector<RejectedRung> rejected;
};

// The rungs for an upright, square-pixel picture of this size. `passed` is the source's own picture where it is handed
// on as it is (nullptr: it is not): the top rung, in the place of an encoded one of about its size. With `rate` no cap
// is above what the source spends itself, and a rung whose cap is hardly above the next lower one's is left out.
Ladder plan_rungs(PictureSize source, const std::optional<SourceRate>& rate, const Grid& grid,
                  const PlanSettings& settings, const VideoRendition* passed = nullptr);

// Whether a picture of this short side, passed through, has an encoded rung below it.
bool has_rung_below(int height, const PlanSettings& settings);

// The cap of a rung between, below or above the set ones lies on the straight line through its neighbours.
int cap_kbps_of(int height, const PlanSettings& settings);

// SHA-256 of everything that makes a rung what it is.
std::string parameters_hash(const VideoRendition& rung, const Grid& grid);

}  // namespace movio::media
