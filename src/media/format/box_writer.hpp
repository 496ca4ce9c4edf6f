#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.hpp"
#include "media/format/media_result.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// Our fragmented MP4 (ISO/IEC 14496-12, CMAF ISO/IEC 23000-19): pure functions, so that the same samples are the same
// bytes on every machine. One track of id 1 a file, one moof a segment.

// `avc_config` is the AVCDecoderConfigurationRecord (avcC). Brand cmf2: no edit list, the IDR's composition offset is
// 0.
Bytes write_video_init(const Plan& plan, const VideoRendition& rendition, ByteView avc_config,
                       const ColourInfo& colour);

// Brand cmfc: an edit list whose media_time skips what lies before time zero.
Bytes write_audio_init(const AudioRendition& rendition);

struct Sample {
    ByteView data;                // video: length-prefixed NAL units (4 bytes); audio: one raw AAC frame
    std::int64_t duration = 0;    // ticks
    std::int64_t cts_offset = 0;  // composition time minus decode time, may be negative
    bool sync = false;
};

// Where moof begins in every segment: behind styp.
inline constexpr std::size_t kMoofOffset = 28;

// styp, moof, mdat. `sequence` is n = k + 1; `decode_time` the tfdt. Fails (too_large) above limits::kSegmentBytesMax.
MediaResult<Bytes> write_segment(std::int64_t sequence, std::int64_t decode_time, std::span<const Sample> samples);

// The decode time of segment k, which is also its place in every manifest: ticks of the rendition's timescale.
std::int64_t segment_decode_time(const Plan& plan, const VideoRendition& rendition, std::int64_t k);
std::int64_t segment_decode_time(const Plan& plan, const AudioRendition& rendition, std::int64_t k);

}  // namespace movio::media
