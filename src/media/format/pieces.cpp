#include "media/format/pieces.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace movio::media {

// The next ones are short, too, and then of the full length.
std::int64_t picture_piece_end(const Plan& plan, std::int64_t first) {
    const auto length = first == 0 ? 1 : std::min<std::int64_t>(limits::kVideoTaskSegments, first * 2);
    return std::min(plan.grid.segments(), first + length);
}

bool makes_ahead(const Plan& plan) { return std::ranges::count(plan.video, false, &VideoRendition::passthrough) > 1; }

SegmentRange copied_piece(const Plan& plan, const std::string& rendition, std::int64_t k) {
    constexpr std::int64_t kBegins = limits::kFirstCopySegments;
    if (k < kBegins) return {rendition, 0, std::min(plan.grid.segments(), kBegins)};
    const auto block = k - k % limits::kCopyTaskSegments;
    return {rendition, std::max(block, kBegins), std::min(plan.grid.segments(), block + limits::kCopyTaskSegments)};
}

SegmentRange sound_piece(const Plan& plan, const AudioRendition& rendition, std::int64_t k) {
    if (rendition.passthrough) return copied_piece(plan, rendition.name, k);
    if (k == 0) return {rendition.name, 0, 1};
    const auto block = k - k % limits::kAudioBlockSegments;
    return {rendition.name, std::max<std::int64_t>(block, 1),
            std::min(plan.grid.segments(), block + limits::kAudioBlockSegments)};
}

}  // namespace movio::media
