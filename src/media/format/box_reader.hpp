#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "media/format/index.hpp"
#include "media/format/media_result.hpp"

namespace movio::media {

// Reads back what box_writer writes, from a process that may be hostile: nothing outside the bytes is read, memory is
// bounded by their number, and whatever our own writer would not write is refused (code damaged).

struct SegmentSample {
    std::size_t offset = 0;  // from the beginning of the segment
    std::size_t bytes = 0;
    std::int64_t duration = 0;
    std::int64_t cts_offset = 0;
    bool sync = false;
};

struct SegmentFacts {
    std::int64_t sequence = 0;
    std::int64_t decode_time = 0;
    std::int64_t duration = 0;  // sum over the samples
    std::size_t bytes = 0;      // the whole segment
    std::size_t moof_offset = 0;
    std::vector<SegmentSample> samples;  // at least one

    bool first_is_sync() const { return samples.front().sync; }
    // From the first byte of moof to the last of the first sample: what shows one picture when it is sync.
    std::size_t first_picture_bytes() const { return samples.front().offset + samples.front().bytes - moof_offset; }
};

MediaResult<SegmentFacts> read_segment(ByteView bytes);

struct InitFacts {
    std::string codec;  // "avc1" or "mp4a"
    std::int64_t timescale = 0;
    std::int64_t duration = 0;
    std::int64_t media_time = 0;
    int width = 0;
    int height = 0;
    ColourInfo colour;
    int sample_rate = 0;
    int channels = 0;
    Bytes codec_config;  // avcC, or AudioSpecificConfig
};

MediaResult<InitFacts> read_init(ByteView bytes);

}  // namespace movio::media
