#include "media/format/avc_parameters.hpp"

#include <algorithm>
#include <array>

#include "media/format/avc.hpp"
#include "media/format/box_builder.hpp"
#include "media/format/byte_cursor.hpp"

namespace movio::media {

namespace {

constexpr std::size_t kUnitBytesMax = 4096;  // scaling lists of all sizes fill about 1,000
constexpr std::size_t kSequencesMax = 31;    // five bits in avcC
constexpr std::size_t kPicturesMax = 255;
constexpr unsigned kLengthBytes = 4;

// RBSP bits of a NAL unit (§7.3.1): the bytes that prevent start codes are taken out. Reading past the end gives zeros
// and sets `failed`.
class BitReader {
public:
    explicit BitReader(ByteView unit) {
        std::size_t zeros = 0;
        unit = unit.first(std::min(unit.size(), kUnitBytesMax));
        for (const auto byte : unit.empty() ? unit : unit.subspan(1)) {
            const bool prevention = zeros >= 2 && byte == std::byte{3};
            zeros = byte == std::byte{0} ? zeros + 1 : 0;
            if (!prevention) bytes_.push_back(byte);
        }
    }

    unsigned bit() {
        const auto at = position_ / 8;
        if (at >= bytes_.size()) {
            failed_ = true;
            return 0;
        }
        const auto shift = 7 - position_++ % 8;
        return std::to_integer<unsigned>(bytes_[at] >> shift) & 1U;
    }
    bool flag() { return bit() != 0; }
    std::uint32_t bits(int count) {
        std::uint32_t value = 0;
        for (int i = 0; i < count; ++i) value = value << 1 | bit();
        return value;
    }
    // ue(v), §9.1; at most `most`, else failed.
    std::uint32_t unsigned_code(std::uint32_t most) {
        int zeros = 0;
        while (zeros < 32 && !failed_ && bit() == 0) ++zeros;
        const auto value = (std::uint64_t{1} << zeros) - 1 + (zeros == 0 ? 0 : bits(zeros));
        if (value > most) failed_ = true;
        return failed_ ? 0 : static_cast<std::uint32_t>(value);
    }
    std::int32_t signed_code() {
        const auto code = std::int64_t{unsigned_code(UINT32_MAX - 1)};
        return static_cast<std::int32_t>(code % 2 == 0 ? -(code / 2) : (code + 1) / 2);
    }
    bool failed() const { return failed_; }

private:
    Bytes bytes_;
    std::size_t position_ = 0;
    bool failed_ = false;
};

bool has_chroma_format(int profile) {
    constexpr std::array kProfiles{100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135};
    return std::ranges::find(kProfiles, profile) != kProfiles.end();
}

void skip_scaling_list(BitReader& reader, int entries) {
    int last = 8;
    int next = 8;
    for (int i = 0; i < entries && next != 0 && !reader.failed(); ++i) {
        next = static_cast<int>((last + std::int64_t{reader.signed_code()} + 256) & 0xFF);
        if (next != 0) last = next;
    }
}

void read_chroma(BitReader& reader, AvcSequence& sequence) {
    constexpr int kColour444 = 3;
    sequence.chroma_format = static_cast<int>(reader.unsigned_code(3));
    if (sequence.chroma_format == kColour444) (void)reader.bit();
    const auto luma = reader.unsigned_code(6);
    const auto chroma = reader.unsigned_code(6);
    sequence.bit_depth = 8 + static_cast<int>(std::max(luma, chroma));
    (void)reader.bit();  // lossless
    if (!reader.flag()) return;
    const int lists = sequence.chroma_format == kColour444 ? 12 : 8;
    for (int i = 0; i < lists; ++i)
        if (reader.flag()) skip_scaling_list(reader, i < 6 ? 16 : 64);
}

void skip_order_counts(BitReader& reader) {
    const auto kind = reader.unsigned_code(2);
    if (kind == 0) (void)reader.unsigned_code(12);
    if (kind != 1) return;
    (void)reader.bit();
    (void)reader.signed_code();
    (void)reader.signed_code();
    const auto cycle = reader.unsigned_code(255);
    for (std::uint32_t i = 0; i < cycle; ++i) (void)reader.signed_code();
}

void read_size(BitReader& reader, AvcSequence& sequence) {
    constexpr std::uint32_t kMacroblocksMax = 1U << 10;  // 16,384 pixels: more than any level
    const auto across = static_cast<int>(reader.unsigned_code(kMacroblocksMax)) + 1;
    const auto down = static_cast<int>(reader.unsigned_code(kMacroblocksMax)) + 1;
    sequence.frames_only = reader.flag();
    if (!sequence.frames_only) (void)reader.bit();
    (void)reader.bit();
    const int down_unit = sequence.frames_only ? 1 : 2;
    sequence.width = across * 16;
    sequence.height = down * 16 * down_unit;
    if (!reader.flag()) return;
    // Cropping counts samples of chroma (table 6-1); of 4:2:0 that is two of luma each way.
    const int across_unit = sequence.chroma_format == 1 || sequence.chroma_format == 2 ? 2 : 1;
    const int line_unit = (sequence.chroma_format == 1 ? 2 : 1) * down_unit;
    constexpr std::uint32_t kCropMax = 1U << 14;
    const auto left = static_cast<int>(reader.unsigned_code(kCropMax));
    const auto right = static_cast<int>(reader.unsigned_code(kCropMax));
    const auto top = static_cast<int>(reader.unsigned_code(kCropMax));
    const auto bottom = static_cast<int>(reader.unsigned_code(kCropMax));
    sequence.width -= (left + right) * across_unit;
    sequence.height -= (top + bottom) * line_unit;
}

void read_aspect(BitReader& reader, AvcSequence& sequence) {
    constexpr std::uint32_t kExtended = 255;
    if (!reader.flag() || !reader.flag()) return;
    const auto kind = reader.bits(8);
    if (kind != kExtended) {
        sequence.square_pixels = kind <= 1;
        return;
    }
    const auto across = reader.bits(16);
    const auto down = reader.bits(16);
    sequence.square_pixels = across == down || across == 0 || down == 0;  // zero: not said
}

ByteView without_padding(ByteView unit) {
    while (!unit.empty() && unit.back() == std::byte{0}) unit = unit.first(unit.size() - 1);
    return unit;
}

template <class Set>
bool add_unique(std::vector<Bytes>& sets, ByteView unit, std::size_t most, std::optional<Set> (*read)(ByteView)) {
    const auto added = read(unit);
    if (!added) return false;
    for (const auto& known : sets) {
        if (std::ranges::equal(known, unit)) return true;
        if (read(known)->id == added->id) return false;
    }
    if (sets.size() == most) return false;
    sets.emplace_back(unit.begin(), unit.end());
    return true;
}

bool take_sets(ByteCursor& cursor, unsigned count, AvcParameterSets& sets) {
    for (unsigned i = 0; i < count; ++i) {
        const auto unit = cursor.take(cursor.u16());
        if (cursor.failed() || !sets.add(unit)) return false;
    }
    return true;
}

}  // namespace

std::optional<AvcSequence> read_avc_sequence(ByteView unit) {
    if (nal_type(unit) != NalType::sps) return std::nullopt;
    BitReader reader(unit);
    AvcSequence sequence;
    sequence.profile = static_cast<int>(reader.bits(8));
    (void)reader.bits(8);
    sequence.level = static_cast<int>(reader.bits(8));
    sequence.id = static_cast<int>(reader.unsigned_code(31));
    if (has_chroma_format(sequence.profile)) read_chroma(reader, sequence);
    (void)reader.unsigned_code(12);
    skip_order_counts(reader);
    (void)reader.unsigned_code(16);  // reference frames
    (void)reader.bit();
    read_size(reader, sequence);
    read_aspect(reader, sequence);
    if (reader.failed() || sequence.width <= 0 || sequence.height <= 0) return std::nullopt;
    return sequence;
}

std::optional<AvcPicture> read_avc_picture(ByteView unit) {
    if (nal_type(unit) != NalType::pps) return std::nullopt;
    BitReader reader(unit);
    AvcPicture picture;
    picture.id = static_cast<int>(reader.unsigned_code(255));
    picture.sequence_id = static_cast<int>(reader.unsigned_code(31));
    (void)reader.bits(2);
    picture.slice_groups = static_cast<int>(reader.unsigned_code(7)) + 1;
    return reader.failed() ? std::nullopt : std::optional(picture);
}

bool AvcParameterSets::add(ByteView unit) {
    unit = without_padding(unit);
    if (unit.size() > kUnitBytesMax) return false;
    if (nal_type(unit) == NalType::sps) return add_unique(sequences_, unit, kSequencesMax, read_avc_sequence);
    return add_unique(pictures_, unit, kPicturesMax, read_avc_picture);
}

bool AvcParameterSets::holds(ByteView unit) const {
    unit = without_padding(unit);
    const auto same = [unit](const Bytes& known) { return std::ranges::equal(known, unit); };
    return std::ranges::any_of(sequences_, same) || std::ranges::any_of(pictures_, same);
}

std::optional<AvcConfig> read_avc_config(ByteView record) {
    ByteCursor cursor(record);
    AvcConfig config;
    if (cursor.u8() != 1) return std::nullopt;
    cursor.skip(3);
    config.length_bytes = (cursor.u8() & 3) + 1;
    if (!take_sets(cursor, cursor.u8() & 0x1FU, config.sets)) return std::nullopt;
    if (!take_sets(cursor, cursor.u8(), config.sets)) return std::nullopt;
    // What follows for the high profiles repeats the sequence parameter set; many writers leave it out.
    return cursor.failed() ? std::nullopt : std::optional(std::move(config));
}

Bytes write_avc_config(const AvcParameterSets& sets) {
    constexpr std::byte kHigh{100};
    const auto& first = sets.sequences().front();
    BoxBuilder out;
    out.u8(1).bytes(ByteView(first).subspan(1, 3)).u8(0xFC | (kLengthBytes - 1));
    out.u8(0xE0 | sets.sequences().size());
    for (const auto& unit : sets.sequences()) out.u16(unit.size()).bytes(unit);
    out.u8(sets.pictures().size());
    for (const auto& unit : sets.pictures()) out.u16(unit.size()).bytes(unit);
    if (first[1] == kHigh) out.u8(0xFC | 1).u8(0xF8).u8(0xF8).u8(0);
    return out.take();
}

}  // namespace movio::media
