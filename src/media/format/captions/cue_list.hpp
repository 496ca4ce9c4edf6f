#pragma once
#include <cstdint>
#include <string>

#include "media/format/captions/cue.hpp"
#include "media/format/captions/cue_text.hpp"
#include "media/format/media_result.hpp"

namespace movio::media {

// Collects the cues of one track and holds its rules: nothing empty, nothing before time zero, nothing that ends before
// it begins, no more than limits::kCuesPerTrackMax, sorted at the end.
class CueList {
public:
    // Fails (too_large) when there are too many; the caller stops.
    MediaResult<void> add(std::int64_t start_ms, std::int64_t end_ms, CueText text, std::string settings);
    Captions take();

private:
    Captions captions_;
};

}  // namespace movio::media
