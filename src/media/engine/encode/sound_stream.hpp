#pragma once
#include <cstdint>
#include <vector>

#include "media/engine/decode/sound_decoder.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// The sound of a track as one unbroken row of samples at a rendition's rate, from any sample on: gaps are silence,
// overlaps are cut, and after the end there is silence for ever. The same sample is the same number wherever reading
// began, because the resampler always begins on a whole second.
class SoundStream {
public:
    SoundStream(SoundDecoder decoder, const AudioRendition& rendition);

    MediaResult<void> start_at(std::int64_t sample);
    // Exactly `count` samples of each channel, appended to `planes`.
    MediaResult<void> read(std::int64_t count, std::vector<Plane>& planes);

    // Samples of the last reads, at the rendition's rate, that are silence because the source is damaged.
    struct Stretch {
        std::int64_t first = 0;
        std::int64_t end = 0;
    };
    const std::vector<Stretch>& damaged() const { return damaged_; }

private:
    MediaResult<void> fill();
    void place(SoundBlock block);
    void append(const SoundBlock& block);
    void append_silence(std::int64_t count, bool damaged);
    MediaResult<void> resample();
    std::int64_t to_rendition(std::int64_t source_sample) const;

    SoundDecoder decoder_;
    int channels_;
    int rate_;
    av::Resampler resampler_;
    std::int64_t cursor_ = 0;  // source sample that comes next
    std::int64_t skip_ = 0;    // samples at the rendition's rate still to drop
    bool in_row_ = false;      // the block that comes next follows one that was taken
    bool source_ended_ = false;
    std::int64_t silence_left_ = 0;  // source samples of silence before `waiting_`
    bool silence_damaged_ = false;
    std::optional<SoundBlock> waiting_;
    std::vector<Plane> source_;  // at the source's rate, not resampled yet
    std::vector<Plane> out_;
    std::vector<Stretch> damaged_;
};

}  // namespace movio::media
