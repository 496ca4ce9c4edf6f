#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "media/engine/av/handles.hpp"
#include "media/format/artefact.hpp"
#include "media/format/index.hpp"

namespace movio::media {

// The packets of one subtitle track, as they stand in the container.
class TextScan {
public:
    // nullopt: a kind of text that nobody here can read. `codec` is libav's name.
    static std::optional<TextScan> open(const AVStream& stream, bool matroska_webvtt);

    void add(const AVPacket& packet);
    void finish(Track& track);

    const std::string& codec() const { return codec_; }
    bool bitmap() const { return bitmap_; }
    bool cut_short() const { return cut_short_; }
    // Times from time zero; cues that end before it are dropped.
    std::vector<RawCue> take_cues(std::int64_t time_zero_us);

private:
    struct Packet {
        std::int64_t number = 0;
        std::int64_t start_us = 0;
        std::int64_t end_us = 0;  // start_us when the container does not say
        RawCue cue;
    };
    TextScan(const AVStream& stream, std::string codec, bool bitmap);
    void read_settings(const AVPacket& packet, RawCue& cue) const;

    const AVStream* stream_;
    std::string codec_;
    bool bitmap_ = false;
    bool cut_short_ = false;
    std::int64_t packets_ = 0;
    std::size_t bytes_ = 0;
    std::int64_t first_ = 0;
    std::int64_t end_ = 0;
    std::vector<Packet> cues_;
};

}  // namespace movio::media
