#include "media/format/avc.hpp"

#include <algorithm>

#include "media/format/box_builder.hpp"
#include "media/format/hex.hpp"

namespace movio::media {

namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr unsigned kProfileHigh = 100;

unsigned value_at(ByteView bytes, std::size_t at) { return std::to_integer<unsigned>(bytes[at]); }

// First byte behind the next start code (00 00 01) at or after `from`; `zero` is where its zeros begin.
struct StartCode {
    std::size_t zero;
    std::size_t behind;
};

std::optional<StartCode> find_start_code(ByteView stream, std::size_t from) {
    // Whole films are looked through: where the third byte cannot belong to a start code, none begins at these three.
    for (std::size_t i = from; i + 2 < stream.size();) {
        const auto third = value_at(stream, i + 2);
        if (third > 1)
            i += 3;
        else if (third == 1 && value_at(stream, i) == 0 && value_at(stream, i + 1) == 0)
            return StartCode{i, i + 3};
        else
            ++i;
    }
    return std::nullopt;
}

void append_unit(BoxBuilder& out, ByteView unit) { out.u32(unit.size()).bytes(unit); }

std::optional<std::vector<ByteView>> split_units(ByteView sample, std::size_t length_bytes) {
    std::vector<ByteView> units;
    std::size_t at = 0;
    while (at < sample.size()) {
        if (sample.size() - at < length_bytes) return std::nullopt;
        std::size_t length = 0;
        for (std::size_t i = 0; i < length_bytes; ++i) length = length << 8 | value_at(sample, at + i);
        at += length_bytes;
        if (length > sample.size() - at) return std::nullopt;
        units.push_back(sample.subspan(at, length));
        at += length;
    }
    return units;
}

}  // namespace

NalType nal_type(ByteView unit) { return static_cast<NalType>(unit.empty() ? 0 : value_at(unit, 0) & 0x1F); }

std::vector<ByteView> split_annex_b(ByteView stream) {
    std::vector<ByteView> units;
    auto code = find_start_code(stream, 0);
    while (code) {
        const auto next = find_start_code(stream, code->behind);
        auto end = next ? next->zero : stream.size();
        // Zeros before the next start code are padding: a unit never ends with one (§7.4.1).
        while (end > code->behind && value_at(stream, end - 1) == 0) --end;
        if (end > code->behind) units.push_back(stream.subspan(code->behind, end - code->behind));
        code = next;
    }
    return units;
}

std::optional<std::vector<ByteView>> split_length_prefixed(ByteView sample) {
    auto units = split_units(sample, kLengthBytes);
    if (units && std::ranges::any_of(*units, &ByteView::empty)) return std::nullopt;
    return units;
}

std::optional<std::vector<ByteView>> split_foreign_sample(ByteView sample, int length_bytes) {
    auto units = split_units(sample, static_cast<std::size_t>(length_bytes));
    if (units) std::erase_if(*units, [](ByteView unit) { return unit.empty(); });
    return units;
}

Bytes to_avc_sample(ByteView annex_b) {
    BoxBuilder out;
    out.reserve(annex_b.size() + 64);
    for (const auto unit : split_annex_b(annex_b)) {
        const auto type = nal_type(unit);
        if (type >= NalType::slice && type <= NalType::idr) append_unit(out, unit);
    }
    return out.take();
}

Bytes join_avc_sample(const std::vector<ByteView>& units) {
    std::size_t bytes = 0;
    for (const auto unit : units) bytes += kLengthBytes + unit.size();
    BoxBuilder out;
    out.reserve(bytes);
    for (const auto unit : units) append_unit(out, unit);
    return out.take();
}

MediaResult<Bytes> make_avc_config(ByteView annex_b_headers) {
    ByteView sps;
    ByteView pps;
    int parameter_sets = 0;
    for (const auto unit : split_annex_b(annex_b_headers)) {
        if (nal_type(unit) == NalType::sps) sps = unit;
        if (nal_type(unit) == NalType::pps) pps = unit;
        if (nal_type(unit) == NalType::sps || nal_type(unit) == NalType::pps) ++parameter_sets;
    }
    if (parameter_sets != 2 || sps.size() < 4 || pps.empty() || sps.size() > 0xFFFF || pps.size() > 0xFFFF)
        return bad_media(MediaStage::package, ErrorCode::internal, "The encoder's headers are not as expected.",
                         "one SPS and one PPS are needed, have " + to_hex(annex_b_headers));
    BoxBuilder out;
    out.u8(1).bytes(sps.subspan(1, 3)).u8(0xFC | (kLengthBytes - 1));
    out.u8(0xE0 | 1).u16(sps.size()).bytes(sps);
    out.u8(1).u16(pps.size()).bytes(pps);
    // chroma_format 1 (4:2:0), eight bits of luma and chroma, no SPS extension.
    if (value_at(sps, 1) == kProfileHigh) out.u8(0xFC | 1).u8(0xF8).u8(0xF8).u8(0);
    return out.take();
}

std::string codecs_of_avc_config(ByteView avc_config) {
    return avc_config.size() < 4 ? std::string() : "avc1." + to_hex(avc_config.subspan(1, 3));
}

}  // namespace movio::media
