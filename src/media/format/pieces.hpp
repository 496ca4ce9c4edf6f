#pragma once
#include <cstdint>
#include <string>

#include "media/format/plan.hpp"
#include "media/format/work.hpp"

namespace movio::media {

// How the work on a film is cut into pieces, each of one process. What a film begins with is a short piece, of what is
// encoded its first segment alone, so that it plays soon after its index is there.

// The pieces of encoded picture, all rungs of them: the one that begins with segment `first` ends before this one.
std::int64_t picture_piece_end(const Plan& plan, std::int64_t first);

// Whether such a piece has more than the lowest rung, so that this one may be made ahead of it.
bool makes_ahead(const Plan& plan);

// Which segments are copied along with segment k in the batch, of picture or sound that is passed through: a few of the
// beginning, then as many as are worth opening the film for.
SegmentRange copied_piece(const Plan& plan, const std::string& rendition, std::int64_t k);

// Which segments of sound are made along with segment k: an encoded block is one encoder run from its first sample on,
// so whoever waits for a segment waits for what lies before it in its block, too.
SegmentRange sound_piece(const Plan& plan, const AudioRendition& rendition, std::int64_t k);

}  // namespace movio::media
