#pragma once
#include "media/format/artefact.hpp"
#include "media/format/byte_source.hpp"
#include "media/format/index.hpp"

namespace movio::media {

// How much of a file is read. Both find the same.
enum class IndexReading {
    whole,
    needed,  // of an MP4: its tables, the beginning of each track, subtitles, and the heads of pictures
};

// Reads the source once, decoding only the first frames of each track. Hands over one artefact `cues` per text track,
// then `index`. Refuses, with a reason for people, what cannot become a film. A source that still grows is read as it
// comes where its container allows, and is whole when this returns.
MediaResult<Index> index_source(ByteSource& source, ArtefactSink& sink, IndexReading reading = IndexReading::needed);

}  // namespace movio::media
