#pragma once
#include <cstdint>
#include <optional>

#include "media/engine/index/trial.hpp"
#include "media/format/index.hpp"

namespace movio::media {

// What the packets of one sound track say, in one pass.
class AudioScan {
public:
    static MediaResult<AudioScan> open(const AVStream& stream);

    MediaResult<void> add(const AVPacket& packet);
    // Whether the contents of further packets do not matter.
    bool knows_contents() const { return trial_.done() && !adts_config_; }
    // Completes `track` (kind audio); fails where nothing can be heard.
    MediaResult<void> finish(Track& track);

    // Where sound goes on behind a hole of more than limits::kGapSecondsMax: the latest such time, in ticks.
    std::optional<std::int64_t> resumed() const { return resumed_; }
    // The first sample that is heard: encoder delay and what an edit list hides lie before it.
    std::int64_t first_heard() const { return first_heard_.value_or(0); }

private:
    AudioScan(const AVStream& stream, DecodeTrial trial);
    void measure_distance(std::int64_t time);
    bool changes_configuration(const AVPacket& packet) const;
    std::int64_t lasting(const AVPacket& packet) const;

    const AVStream* stream_;
    Rational time_base_;
    DecodeTrial trial_;
    std::int64_t packets_ = 0;
    std::int64_t bytes_ = 0;
    std::optional<std::int64_t> first_;
    std::optional<std::int64_t> first_heard_;
    std::int64_t previous_ = 0;
    std::int64_t end_ = 0;
    std::int64_t gap_max_ = 0;
    std::optional<std::int64_t> resumed_;
    std::int64_t irregular_ = 0;
    std::optional<unsigned> adts_config_;  // of AAC without a configuration of its own
};

}  // namespace movio::media
