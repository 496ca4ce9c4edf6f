#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "media/format/plan.hpp"

namespace movio::media {

// The source's own picture as the top rung: its samples are handed on as they are, so the grid follows its IDR
// pictures.

// First frames of the segments: of the IDR frames the one nearest to 4 s after the last, between 2 and 6 s where there
// is one; none is longer than `kIdrSecondsMax` where no two IDR frames are further apart.
inline constexpr std::int64_t kIdrSecondsMax = 6;
std::vector<std::int64_t> merge_idr_frames(const std::vector<std::int64_t>& idr_frames, Rational frame_rate,
                                           std::int64_t frames_total);

// Bytes of the source's samples by segment of a grid that was merged from these facts.
std::vector<std::int64_t> passed_bytes(const PassthroughFacts& facts, const Grid& grid);

struct PassedPicture {
    Grid grid;
    VideoRendition rendition;
};
// `grid` is the film's with the same rate and length but no regard to IDR pictures. Else the reason why not, for
// people; empty where the index says nothing of it.
std::expected<PassedPicture, std::string> plan_passthrough(const Track& picture, const Grid& grid,
                                                           const PlanSettings& settings);

// Frames at the end of the grid that the source has no picture for: its last one is held by a longer duration.
std::int64_t frames_held(const Plan& plan);

}  // namespace movio::media
