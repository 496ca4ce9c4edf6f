#pragma once
#include <cstdint>

#include "media/format/plan.hpp"
#include "media/format/work.hpp"

namespace movio::media {

// How the work on a film is cut into pieces, each of one process. The first segment is always a piece of its own, so
// that a film plays soon after its index is there.

// The pieces of encoded picture, all rungs of them: the one that begins with segment `first` ends before this one.
std::int64_t picture_piece_end(const Plan& plan, std::int64_t first);

// Whether such a piece has more than the lowest rung, so that this one may be made ahead of it.
bool makes_ahead(const Plan& plan);

// Which segments of sound are made along with segment k: an encoded block is one encoder run from its first sample on,
// so whoever waits for a segment waits for what lies before it in its block, too.
SegmentRange sound_piece(const Plan& plan, const AudioRendition& rendition, std::int64_t k);

}  // namespace movio::media
