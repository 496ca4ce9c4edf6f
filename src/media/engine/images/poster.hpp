#pragma once
#include "media/format/artefact.hpp"
#include "media/format/byte_source.hpp"
#include "media/format/work.hpp"

namespace movio::media {

// Hands over one picture of the film as `poster.jpg`: upright, square pixels, no wider than asked.
MediaResult<void> make_poster(const Plan& plan, const PosterWork& work, ByteSource& source, ArtefactSink& sink);

}  // namespace movio::media
