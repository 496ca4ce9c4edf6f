#pragma once
#include <cstdlib>

#include "media/format/captions/captions.hpp"
#include "support/media_cues.hpp"

namespace movio::media::test {

// Ends the program where captions break a promise of cue.hpp, or do not come back from the file that players read.
inline void expect_promises(const MediaResult<Captions>& captions) {
    if (!captions) return;
    std::int64_t before = 0;
    for (const auto& cue : captions->cues) {
        if (cue.start_ms < before || cue.end_ms <= cue.start_ms) std::abort();
        if (cue.text.empty() || !is_closed_subset(cue.text) || !is_valid_utf8(cue.plain)) std::abort();
        before = cue.start_ms;
    }
    if (captions->cues.empty()) return;
    const auto again = captions_from_file(as_bytes(to_webvtt(captions->cues)));
    if (!again || again->cues != captions->cues) std::abort();
}

}  // namespace movio::media::test
