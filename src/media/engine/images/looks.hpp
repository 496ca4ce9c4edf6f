#pragma once
#include "media/format/artefact.hpp"
#include "media/format/byte_source.hpp"
#include "media/format/work.hpp"

namespace movio::media {

// Strips and looks of single tiles, for what no encoder decoded. A tile that cannot be decoded is left out.
MediaResult<void> make_looks(const Plan& plan, const LookWork& work, ByteSource& source, ArtefactSink& sink);

}  // namespace movio::media
