#pragma once
#include <vector>

#include "media/format/artefact.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// Gathers AAC frames, told in order, into the segments [first, end) of a rendition and hands over each when it is
// complete. Frames outside of them are ignored.
class SoundSegments {
public:
    SoundSegments(const Plan& plan, const AudioRendition& rendition, std::int64_t first, std::int64_t end,
                  ArtefactSink& sink);

    std::int64_t first_frame() const;
    std::int64_t end_frame() const;
    // The frame that is missing next.
    std::int64_t next_frame() const { return next_frame_; }
    bool complete() const { return segment_ == end_; }

    MediaResult<void> add(std::int64_t frame, Bytes data, bool damaged);

private:
    MediaResult<void> close();

    const Plan& plan_;
    const AudioRendition& rendition_;
    std::int64_t segment_;
    std::int64_t first_;
    std::int64_t end_;
    ArtefactSink& sink_;
    std::int64_t next_frame_;
    std::int64_t damaged_ = 0;
    std::vector<Bytes> frames_;
};

}  // namespace movio::media
