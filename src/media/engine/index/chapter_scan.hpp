#pragma once
#include <vector>

#include "media/engine/av/compat.hpp"
#include "media/format/index.hpp"

namespace movio::media {

// The container's chapters as the film has them: in order, none in another, from time zero on, none longer than the
// film; at most limits::kChaptersMax. One without a name is called by its number.
std::vector<Chapter> read_chapters(const AVFormatContext& context, std::int64_t time_zero_us, std::int64_t duration_us);

}  // namespace movio::media
