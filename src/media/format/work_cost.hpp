#pragma once
#include <vector>

#include "media/format/plan.hpp"

namespace movio::media {

// Processor time of the media processes that make a film, in nanoseconds. The figures of the model were measured on one
// machine; docs/performance.md says how.
struct WorkCost {
    double index_begin = 0;  // a process begins and tries to decode
    double index_rest = 0;   // what is done while the file arrives
    // What the film begins with: the first segment of its lowest rung, and of its first track of sound.
    double first_picture = 0;
    double first_sound = 0;
    double others = 0;  // all other pieces of picture and sound, and the first poster
    double images = 0;  // behind all of them, one process after another

    double total() const { return index_begin + index_rest + first_picture + first_sound + others + images; }
};

// `bytes` are those of the plan's renditions, its rungs first, as they are foretold.
WorkCost work_cost(const Plan& plan, const std::vector<RenditionBytes>& bytes);

// Pictures of the source that the grid shows: at most one for each of its frames, the others are repeats.
std::int64_t pictures_shown(const Plan& plan, const VideoInfo& video);

}  // namespace movio::media
