#include "sandbox/child/sink.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/limits.hpp"

namespace movio::sandbox {

using media::MediaStage;

media::MediaResult<void> LinkSink::put(media::Artefact artefact) {
    const auto bytes = static_cast<std::int64_t>(artefact.bytes.size());
    if (bytes == 0 || bytes > limits::kSegmentBytesMax) {
        return media::bad_media(MediaStage::package, ErrorCode::too_large,
                                "A part of the film came out too large to store.",
                                std::to_string(bytes) + " bytes in one artefact");
    }
    const UniqueFd memory = make_sealed_memfd("movio-artefact", artefact.bytes);
    if (!memory) {
        return media::bad_media(MediaStage::package, ErrorCode::too_large,
                                "There is not enough memory for a part of the film.",
                                std::string("memfd: ") + system_message(errno));
    }
    artefact.bytes = Bytes();
    link_.send(ArtefactMessage{std::move(artefact), bytes}, {memory.get()});
    link_.count_artefact();
    link_.wait_taken(kArtefactsInFlightMax);
    return {};
}

void LinkSink::progress(int permille) {
    permille = std::clamp(permille, 0, 1000);
    if (permille <= last_permille_) return;
    last_permille_ = permille;
    link_.send(Progress{permille});
}

}  // namespace movio::sandbox
