#pragma once
#include <optional>
#include <vector>

#include "media/engine/decode/sound_decoder.hpp"
#include "media/format/loudness.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// How loud the sound of segments [first, end) is. A step of 100 ms belongs to the piece that holds its last sample, so
// that pieces fit together whoever measured them.
class SoundLevels {
public:
    SoundLevels(const Plan& plan, const AudioRendition& rendition, std::int64_t first, std::int64_t end);

    // The row of samples that is heard begins here: before the piece, by as much as the filters need to settle.
    void start_at(std::int64_t sample);
    void hear(const std::vector<Plane>& planes);
    // Decodes the piece for this alone.
    MediaResult<void> listen(const Plan& plan, const AudioRendition& rendition, ByteSource& source,
                             const ArtefactSink& sink);
    Artefact take();

private:
    int rate_;
    std::int64_t segment_;
    std::int64_t first_sample_;
    std::int64_t end_sample_;
    std::int64_t end_step_;
    Levels levels_;
    std::optional<LoudnessMeter> meter_;
};

}  // namespace movio::media
