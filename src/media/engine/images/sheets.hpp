#pragma once
#include "media/format/artefact.hpp"
#include "media/format/byte_source.hpp"
#include "media/format/work.hpp"

namespace movio::media {

// Every sheet of the plan's storyboard, in order, then `preview.webp` where it is asked for and can be made. The
// source holds the strips.
MediaResult<void> make_sheets(const Plan& plan, const SheetsWork& work, ByteSource& strips, ArtefactSink& sink);

}  // namespace movio::media
