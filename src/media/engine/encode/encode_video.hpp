#pragma once
#include "media/format/artefact.hpp"
#include "media/format/byte_source.hpp"
#include "media/format/work.hpp"

namespace movio::media {

// Decodes the picture once for all ranges that are alike, encodes every rendition of them side by side, and hands over
// the init segment of each, then its segments as each is complete.
MediaResult<void> encode_video(const Plan& plan, const VideoWork& work, ByteSource& source, ArtefactSink& sink);

}  // namespace movio::media
