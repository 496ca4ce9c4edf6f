#pragma once
#include "media/format/artefact.hpp"
#include "media/format/byte_source.hpp"
#include "media/format/work.hpp"

namespace movio::media {

// Hands over the init segment of one rendition of sound, then its segments: the source's own AAC packets where the plan
// says so, else encoded in blocks of limits::kAudioBlockSegments. A block is always one encoder run from the same first
// sample, whatever part of it is asked for, so joints are the same however the work was divided.
MediaResult<void> encode_audio(const Plan& plan, const AudioWork& work, ByteSource& source, ArtefactSink& sink);

// Decodes for the loudness alone.
MediaResult<void> measure_levels(const Plan& plan, const LevelsWork& work, ByteSource& source, ArtefactSink& sink);

}  // namespace movio::media
