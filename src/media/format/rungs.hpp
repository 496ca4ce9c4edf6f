#pragma once
#include <vector>

#include "media/format/plan.hpp"

namespace movio::media {

struct Ladder {
    std::vector<VideoRendition> rungs;  // lowest first; empty when the picture fits no H.264 level
    std::vector<RejectedRung> rejected;
};

// The rungs for an upright, square-pixel picture of this size.
Ladder plan_rungs(PictureSize source, const Grid& grid, const PlanSettings& settings);

}  // namespace movio::media
