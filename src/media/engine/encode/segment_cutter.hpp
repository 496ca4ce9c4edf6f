#pragma once
#include <map>
#include <vector>

#include "media/engine/encode/h264_encoder.hpp"
#include "media/format/artefact.hpp"

namespace movio::media {

// Gathers an encoder's units into the segments of the grid. A segment is complete when the next one's IDR comes, or at
// the end; then it holds exactly its frames, or the encoder failed.
class SegmentCutter {
public:
    SegmentCutter(const Plan& plan, const VideoRendition& rendition, std::int64_t first_segment)
        : plan_(plan), rendition_(rendition), segment_(first_segment) {}

    // Completed segments are appended to `done`.
    MediaResult<void> add(H264Encoder::Unit unit, std::vector<Artefact>& done);
    MediaResult<void> finish(std::vector<Artefact>& done);
    // This frame repeats the last good one because the source is damaged. Told before the frame is encoded.
    void count_damaged(std::int64_t frame) { ++damaged_[plan_.grid.segment_of(frame)]; }

private:
    MediaResult<void> close(std::vector<Artefact>& done);

    const Plan& plan_;
    const VideoRendition& rendition_;
    std::int64_t segment_;
    std::vector<H264Encoder::Unit> units_;
    std::map<std::int64_t, std::int64_t> damaged_;
};

}  // namespace movio::media
