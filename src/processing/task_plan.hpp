#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ledger/types.hpp"
#include "media/format/plan.hpp"

// What is to be done for a film, as rows of the ledger.
namespace movio::processing {

inline constexpr std::string_view kFilmJob = "film";

namespace task_kind {
inline constexpr std::string_view kIndex = "index";
inline constexpr std::string_view kVideo = "video";
// The lowest rung of a video task alone, before the task: of the film's beginning, and of where it is watched.
inline constexpr std::string_view kAhead = "ahead";
inline constexpr std::string_view kAudio = "audio";
inline constexpr std::string_view kLevels = "levels";  // the loudness of sound that is copied
inline constexpr std::string_view kPoster = "poster";
inline constexpr std::string_view kImages = "images";
inline constexpr std::string_view kFinish = "finish";
inline constexpr std::string_view kSegment = "segment";
}  // namespace task_kind

// Segments [first, end), counted from 0. `rendition` is empty for a video task that makes all encoded rungs from one
// decode; one that copies names the rung that is passed through.
struct SegmentTask {
    std::string rendition;
    std::int64_t first = 0;
    std::int64_t end = 0;
};
std::string to_json(const SegmentTask& task);
Result<SegmentTask> segment_task_from_json(std::string_view text);

ledger::NewTask index_task(ledger::Priority priority);
// Everything that makes a blob, then `images` of what was seen meanwhile and the loudness of what was only copied, then
// `finish`. In the order in which a viewer needs it; `priority` is for what it takes to begin watching (with `publish`
// only the very first segments of the lowest rung and of sound; interactive then), the rest is bulk.
ledger::Plan film_tasks(const media::Plan& plan, ledger::Priority priority);
// The lowest rung of segments [first, end); only where media::makes_ahead.
ledger::NewTask ahead_task(const media::Plan& plan, std::int64_t first, std::int64_t end, ledger::Priority priority);
// One segment that somebody waits for; `n` as in its address, counted from 1 (0: the init segment, made with the
// first).
ledger::NewTask wanted_task(const std::string& rendition, std::int64_t n);

}  // namespace movio::processing
