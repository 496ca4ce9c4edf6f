#pragma once
#include <expected>
#include <string>

#include "base/limits.hpp"
#include "media/format/media_result.hpp"

namespace movio::media {

// What a hole of more than limits::kGapSecondsMax between two frames of picture or sound is answered with.
inline std::unexpected<MediaError> damaged_clock() {
    return bad_media(MediaStage::index, ErrorCode::damaged,
                     "Two frames that follow each other lie more than " + std::to_string(limits::kGapSecondsMax) +
                         " seconds apart: the film's clock is damaged. Convert it and upload it again.");
}

}  // namespace movio::media
