#pragma once
#include "media/format/artefact.hpp"
#include "media/format/byte_source.hpp"
#include "media/format/index.hpp"

namespace movio::media {

// Reads the whole source once, decoding only the first frames of each track. Hands over one artefact `cues` per text
// track, then `index`. Refuses, with a reason for people, what cannot become a film.
MediaResult<Index> index_source(ByteSource& source, ArtefactSink& sink);

}  // namespace movio::media
