#pragma once
#include <cstdint>
#include <vector>

#include "media/format/box_writer.hpp"
#include "media/format/sound.hpp"

// Segments that are right in every way that can be seen without decoding; the pictures and sounds in them are noise.
namespace movio::media::test {

inline Bytes bytes_of(std::initializer_list<int> values) {
    Bytes bytes;
    for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
    return bytes;
}

// One slice of `type` (5: IDR, 1: other) with a length before it.
inline Bytes picture_sample(int type, std::size_t payload) {
    Bytes bytes;
    const auto length = payload + 1;
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::byte>(length >> shift));
    bytes.push_back(static_cast<std::byte>(0x60 | type));
    bytes.insert(bytes.end(), payload, std::byte{0xAB});
    return bytes;
}

// avcC of main profile level 3 (or high with `profile` 100), with parameter sets of a few bytes.
inline Bytes avc_config(int profile = 77, int constraints = 0x40, int level = 30) {
    return bytes_of(
        {1, profile, constraints, level, 0xFF, 0xE1, 0, 4, 0x67, profile, constraints, level, 1, 0, 2, 0x68, 0xEE});
}

struct SegmentParts {
    std::vector<Bytes> data;
    std::vector<Sample> samples;

    Bytes written(std::int64_t sequence, std::int64_t decode_time) const {
        return write_segment(sequence, decode_time, samples).value();
    }
};

// Frames in pairs: every second one is displayed before the one that is decoded before it, as B-frames are.
inline SegmentParts picture_parts(const Plan& plan, std::int64_t k) {
    SegmentParts parts;
    const auto frames = plan.grid.segment(k).frames;
    const auto ticks = plan.grid.frame_ticks();
    for (std::int64_t i = 0; i < frames; ++i) {
        parts.data.push_back(picture_sample(i == 0 ? 5 : 1, static_cast<std::size_t>(20 + i % 7)));
        const bool has_partner = i % 2 == 0 || i + 1 < frames;
        const auto offset = i == 0 || !has_partner ? 0 : i % 2 == 1 ? ticks : -ticks;
        parts.samples.push_back({.data = {}, .duration = ticks, .cts_offset = offset, .sync = i == 0});
    }
    for (std::size_t i = 0; i < parts.samples.size(); ++i) parts.samples[i].data = parts.data[i];
    return parts;
}

inline SegmentParts sound_parts(const Plan& plan, const AudioRendition& rendition, std::int64_t k) {
    SegmentParts parts;
    const auto range = audio_segment(plan, rendition, k);
    for (auto frame = range.first; frame < range.end; ++frame)
        parts.data.emplace_back(static_cast<std::size_t>(100 + frame % 9), std::byte{0x21});
    for (const auto& data : parts.data)
        parts.samples.push_back({.data = data, .duration = kAacFrameSamples, .cts_offset = 0, .sync = true});
    return parts;
}

inline Bytes picture_segment(const Plan& plan, std::int64_t k) {
    return picture_parts(plan, k).written(k + 1, segment_decode_time(plan, plan.video.at(0), k));
}

inline Bytes sound_segment(const Plan& plan, std::int64_t k) {
    const auto& rendition = plan.audio.at(0);
    return sound_parts(plan, rendition, k).written(k + 1, segment_decode_time(plan, rendition, k));
}

}  // namespace movio::media::test
