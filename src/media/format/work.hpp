#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "media/format/artefact.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// One order to the media process: one job, one process. Segments are counted from 0.

// Read the whole source once: hand over the Index (artefact `index`, JSON) and the raw packets of every text track
// (artefact `cues`, JSON of RawCue, at most kCuesPerTrackMax).
struct IndexWork {};

struct SegmentRange {
    std::string rendition;
    std::int64_t first = 0;
    std::int64_t end = 0;
};

// Decode once, encode these segments of these renditions; the init segment of each comes first.
struct VideoWork {
    std::vector<SegmentRange> ranges;
};

// The segments of one rendition of sound, all of one block when it is encoded; the init segment comes first.
struct AudioWork {
    SegmentRange range;
};

// One frame of the grid as a JPEG, no wider than `width_max`.
struct PosterWork {
    std::int64_t frame = 0;
    int width_max = 1280;
};

// Tries from inside what the sandbox must forbid and hands over a report (artefact `index`, JSON).
struct SelftestWork {};

using Work = std::variant<IndexWork, VideoWork, AudioWork, PosterWork, SelftestWork>;

// The plan travels with the order where it needs one (empty for IndexWork and SelftestWork).
struct WorkOrder {
    Work work;
    std::optional<Plan> plan;
};

std::string to_json(const WorkOrder& order);
Result<WorkOrder> work_order_from_json(std::string_view text);

std::string to_json(const std::vector<RawCue>& cues);
Result<std::vector<RawCue>> raw_cues_from_json(std::string_view text);

}  // namespace movio::media
