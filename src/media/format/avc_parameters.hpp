#pragma once
#include <optional>
#include <vector>

#include "base/bytes.hpp"

namespace movio::media {

// Parameter sets of H.264 that somebody else's encoder wrote. Survives any bytes.

// Of a sequence parameter set (ITU-T H.264 §7.3.2.1.1, §E.1.1) what decides whether players take it as it is.
struct AvcSequence {
    int id = 0;
    int profile = 0;  // profile_idc: 66 baseline, 77 main, 100 high
    int level = 0;    // level_idc: ten times the level
    int width = 0;    // cropped
    int height = 0;
    int chroma_format = 1;      // 1: 4:2:0
    int bit_depth = 8;          // the larger of luma and chroma
    bool frames_only = true;    // no fields, so no interlaced coding of any kind
    bool square_pixels = true;  // or not said
};
// `unit` without start code or length. nullopt: it is none, or damaged.
std::optional<AvcSequence> read_avc_sequence(ByteView unit);

// Of a picture parameter set (§7.3.2.2).
struct AvcPicture {
    int id = 0;
    int sequence_id = 0;
    int slice_groups = 1;  // more are flexible macroblock ordering, which no browser decodes
};
std::optional<AvcPicture> read_avc_picture(ByteView unit);

// All parameter sets of a track, each id with one content for ever. Those of a track that changes them do not fit.
class AvcParameterSets {
public:
    // A NAL unit of type SPS or PPS; trailing zeros are none of its content. False: damaged, too many, or its id has
    // another content already.
    bool add(ByteView unit);
    bool holds(ByteView unit) const;

    const std::vector<Bytes>& sequences() const { return sequences_; }
    const std::vector<Bytes>& pictures() const { return pictures_; }

private:
    std::vector<Bytes> sequences_;
    std::vector<Bytes> pictures_;
};

// AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1).
inline constexpr std::size_t kAvcConfigBytesMax = 16U << 10;  // that a plan holds; usual ones have 40 to 200
struct AvcConfig {
    AvcParameterSets sets;
    int length_bytes = 4;  // of the length before each NAL unit of a sample
};
std::optional<AvcConfig> read_avc_config(ByteView record);
// With lengths of 4 bytes. `sets` holds at least one of each kind, of 8-bit 4:2:0.
Bytes write_avc_config(const AvcParameterSets& sets);

}  // namespace movio::media
