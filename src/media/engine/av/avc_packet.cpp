#include "media/engine/av/avc_packet.hpp"

#include <algorithm>

#include "media/format/avc.hpp"

namespace movio::media::av {
namespace {

ByteView view(const std::uint8_t* data, int size) {
    return {reinterpret_cast<const std::byte*>(data), static_cast<std::size_t>(std::max(size, 0))};
}

}  // namespace

AvcUnitKind avc_unit_kind(ByteView unit) {
    switch (static_cast<int>(nal_type(unit))) {
        case 1: return AvcUnitKind::slice;
        case 5: return AvcUnitKind::idr;
        case 6: return AvcUnitKind::other;  // SEI
        case 7:
        case 8: return AvcUnitKind::parameters;
        case 9: return AvcUnitKind::delimiter;
        case 10:  // end of sequence
        case 11:  // end of stream
        case 12:  // filler
            return AvcUnitKind::other;
        default: return AvcUnitKind::foreign;  // partitions, layers, views, auxiliary pictures
    }
}

std::optional<AvcStream> read_avc_stream(const AVStream& stream) {
    const auto extradata = view(stream.codecpar->extradata, stream.codecpar->extradata_size);
    AvcStream found;
    if (!extradata.empty() && extradata.front() == std::byte{1}) {
        auto config = read_avc_config(extradata);
        if (!config || config->length_bytes == 3) return std::nullopt;
        found.sets = std::move(config->sets);
        found.length_bytes = config->length_bytes;
        return found;
    }
    for (const auto unit : split_annex_b(extradata))
        if (avc_unit_kind(unit) == AvcUnitKind::parameters && !found.sets.add(unit)) return std::nullopt;
    return found;
}

std::optional<std::vector<ByteView>> avc_units(const AVPacket& packet, int length_bytes) {
    const auto data = view(packet.data, packet.size);
    return length_bytes == 0 ? std::optional(split_annex_b(data)) : split_foreign_sample(data, length_bytes);
}

}  // namespace movio::media::av
