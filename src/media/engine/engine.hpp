#pragma once
#include "media/format/artefact.hpp"
#include "media/format/byte_source.hpp"
#include "media/format/work.hpp"

namespace movio::media {

// Does one order, start to end: reads the source, hands over artefacts as soon as each is complete. Synchronous, one
// caller thread (libav and the encoders have threads of their own inside). Never opens anything: it lives on `source`
// alone. `source` is nullptr only for orders that need none. A stop asked for through the sink ends it with
// `cancelled` at the next packet.
MediaResult<void> run_work(const WorkOrder& order, ByteSource* source, ArtefactSink& sink);

}  // namespace movio::media
