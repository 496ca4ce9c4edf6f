#pragma once
#include "media/format/artefact.hpp"
#include "media/format/byte_source.hpp"
#include "media/format/work.hpp"

namespace movio::media {

// Hands over the init segment of a rendition that is passed through, then its segments: the source's own samples, NAL
// unit by NAL unit as they are, but for delimiters and for parameter sets that stand in the init segment. Nothing is
// decoded. Decoding times are evenly spaced from the boundary on.
MediaResult<void> copy_video(const Plan& plan, const SegmentRange& range, ByteSource& source, ArtefactSink& sink);

}  // namespace movio::media
