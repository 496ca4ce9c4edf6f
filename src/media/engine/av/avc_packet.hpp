#pragma once
#include <optional>
#include <vector>

#include "media/engine/av/compat.hpp"
#include "media/format/avc_parameters.hpp"

namespace movio::media::av {

// How an H.264 stream wraps its NAL units, and the parameter sets it has out of band.
struct AvcStream {
    AvcParameterSets sets;
    int length_bytes = 0;  // 0: start codes (Annex B)
};
// nullopt: what stands out of band is damaged, or changes.
std::optional<AvcStream> read_avc_stream(const AVStream& stream);

// The units of a packet, which must outlive them. nullopt: a length leads out of it.
std::optional<std::vector<ByteView>> avc_units(const AVPacket& packet, int length_bytes);

// What passing a stream through does with a unit (ITU-T H.264 table 7-1): slices and `other` are handed on; parameter
// sets stand in the init segment, delimiters nowhere; `foreign` ones are for decoders that players do not have.
enum class AvcUnitKind { slice, idr, parameters, delimiter, other, foreign };
AvcUnitKind avc_unit_kind(ByteView unit);

}  // namespace movio::media::av
