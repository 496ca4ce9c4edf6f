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

// Decode once, encode these segments of these renditions; the init segment of each comes first. `looks`: hand over
// strips and looks of what is decoded, too.
struct VideoWork {
    std::vector<SegmentRange> ranges;
    bool looks = false;
};

// The segments of one rendition of sound, all of one block when it is encoded; the init segment comes first. `levels`:
// hand over the loudness of what is encoded, too; what is copied is not decoded.
struct AudioWork {
    SegmentRange range;
    bool levels = false;
};

// Nothing but the loudness of these segments, where they can be decoded.
struct LevelsWork {
    SegmentRange range;
};

// One frame of the grid as a JPEG, no wider than `width_max`. With candidates: the best of the key frames before
// them, or `frame` when none is any good.
struct PosterWork {
    std::int64_t frame = 0;
    int width_max = 1280;
    std::vector<std::int64_t> candidates = {};
};

// Strips and looks of the storyboard's tiles [first_tile, end_tile), from the key frames next to them.
struct LookWork {
    std::int64_t first_tile = 0;
    std::int64_t end_tile = 0;
};

// The sheets of the storyboard and the animated preview. The source is no film but strips, one after another; what is
// in none of them stays black.
struct SheetsWork {
    struct Strip {
        std::int64_t offset = 0;  // bytes
        std::int64_t bytes = 0;
        std::int64_t first_tile = 0;
        std::int64_t tiles = 0;
    };
    std::vector<Strip> strips;               // ascending
    std::vector<std::int64_t> preview = {};  // tiles, ascending; empty: no preview
};

// Tries from inside what the sandbox must forbid and hands over a report (artefact `index`, JSON).
struct SelftestWork {};

using Work = std::variant<IndexWork, VideoWork, AudioWork, LevelsWork, PosterWork, LookWork, SheetsWork, SelftestWork>;

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
