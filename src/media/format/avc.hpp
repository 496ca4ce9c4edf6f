#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "media/format/media_result.hpp"

namespace movio::media {

// NAL units of H.264 (ITU-T H.264 §7.3.1), in both wrappings.
enum class NalType : std::uint8_t { slice = 1, idr = 5, sei = 6, sps = 7, pps = 8, delimiter = 9 };

NalType nal_type(ByteView unit);

// Annex B: the units between start codes, without them; empty units are left out.
std::vector<ByteView> split_annex_b(ByteView stream);

// Length-prefixed with 4 bytes each (ISO/IEC 14496-15 §5.3.4.2). nullopt when a length leads out of the sample or is 0.
std::optional<std::vector<ByteView>> split_length_prefixed(ByteView sample);

// The same of somebody else's sample, whose lengths have 1, 2 or 4 bytes. Units of no length, which some writers pad
// with, are left out.
std::optional<std::vector<ByteView>> split_foreign_sample(ByteView sample, int length_bytes);

// What goes into a sample of `avc1`: the slices of an access unit, length-prefixed. Parameter sets stand in avcC;
// delimiters and SEI (the encoder writes its version and settings there) are left out.
Bytes to_avc_sample(ByteView annex_b);

// A sample of `avc1` that holds these units as they are.
Bytes join_avc_sample(const std::vector<ByteView>& units);

// AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1) from the SPS and PPS of an 8-bit 4:2:0 encoder.
MediaResult<Bytes> make_avc_config(ByteView annex_b_headers);

// "avc1.64001f" from an avcC; empty when it is too short.
std::string codecs_of_avc_config(ByteView avc_config);

}  // namespace movio::media
