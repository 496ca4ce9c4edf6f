#include <optional>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "media/format/box_reader.hpp"
#include "media/format/box_writer.hpp"
#include "media/format/byte_cursor.hpp"

namespace movio::media {

namespace {

constexpr std::uint32_t kNotSync = 0x00010000;

constexpr std::uint32_t kTfhdBaseOffset = 0x000001;
constexpr std::uint32_t kTfhdDescriptionIndex = 0x000002;
constexpr std::uint32_t kTfhdDuration = 0x000008;
constexpr std::uint32_t kTfhdSize = 0x000010;
constexpr std::uint32_t kTfhdFlags = 0x000020;
constexpr std::uint32_t kTfhdBaseIsMoof = 0x020000;
constexpr std::uint32_t kTrunDataOffset = 0x000001;
constexpr std::uint32_t kTrunFirstFlags = 0x000004;
constexpr std::uint32_t kTrunDuration = 0x000100;
constexpr std::uint32_t kTrunSize = 0x000200;
constexpr std::uint32_t kTrunFlags = 0x000400;
constexpr std::uint32_t kTrunOffsets = 0x000800;
constexpr std::uint32_t kTrunKnown =
    kTrunDataOffset | kTrunFirstFlags | kTrunDuration | kTrunSize | kTrunFlags | kTrunOffsets;

constexpr std::uint64_t kDecodeTimeMax = std::uint64_t{1} << 53;  // a whole number in every player's arithmetic

std::unexpected<MediaError> odd(std::string detail) {
    return bad_media(MediaStage::package, ErrorCode::damaged, "A segment that was made is not in order.",
                     std::move(detail));
}

struct Defaults {
    std::uint32_t duration = 0;
    std::uint32_t size = 0;
    std::uint32_t flags = 0;
};

std::optional<Defaults> read_tfhd(ByteView payload) {
    ByteCursor cursor(payload);
    const auto flags = take_full_head(cursor).flags;
    constexpr auto kKnown = kTfhdDescriptionIndex | kTfhdDuration | kTfhdSize | kTfhdFlags | kTfhdBaseIsMoof;
    const bool usual = (flags & kTfhdBaseIsMoof) != 0 && (flags & kTfhdBaseOffset) == 0 && (flags & ~kKnown) == 0;
    if (!usual || cursor.u32() != 1) return std::nullopt;
    Defaults defaults;
    if ((flags & kTfhdDescriptionIndex) != 0 && cursor.u32() != 1) return std::nullopt;
    if (flags & kTfhdDuration) defaults.duration = cursor.u32();
    if (flags & kTfhdSize) defaults.size = cursor.u32();
    if (flags & kTfhdFlags) defaults.flags = cursor.u32();
    return cursor.finished() ? std::optional(defaults) : std::nullopt;
}

struct Run {
    std::size_t data_offset = 0;
    std::vector<SegmentSample> samples;
};

std::optional<Run> read_trun(ByteView payload, const Defaults& defaults) {
    ByteCursor cursor(payload);
    const auto [version, flags] = take_full_head(cursor);
    if (version != 1 || (flags & ~kTrunKnown) != 0 || (flags & kTrunDataOffset) == 0) return std::nullopt;
    const std::size_t count = cursor.u32();
    Run run;
    run.data_offset = cursor.u32();
    auto first_flags = defaults.flags;
    if (flags & kTrunFirstFlags) first_flags = cursor.u32();
    std::size_t each = 0;
    for (const auto bit : {kTrunDuration, kTrunSize, kTrunFlags, kTrunOffsets})
        if (flags & bit) each += 4;
    // Without this a count alone would ask for any amount of memory.
    if (each == 0 || count == 0 || cursor.left() / each != count || cursor.left() % each != 0) return std::nullopt;
    run.samples.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        SegmentSample sample;
        sample.duration = (flags & kTrunDuration) ? cursor.u32() : defaults.duration;
        sample.bytes = (flags & kTrunSize) ? cursor.u32() : defaults.size;
        const auto own = (flags & kTrunFlags) ? cursor.u32() : i == 0 ? first_flags : defaults.flags;
        sample.sync = (own & kNotSync) == 0;
        if (flags & kTrunOffsets) sample.cts_offset = static_cast<std::int32_t>(cursor.u32());
        run.samples.push_back(sample);
    }
    return cursor.finished() ? std::optional(std::move(run)) : std::nullopt;
}

MediaResult<void> read_traf(ByteView payload, SegmentFacts& facts, std::size_t& data_offset) {
    ByteCursor cursor(payload);
    const auto tfhd = take_box(cursor);
    const auto tfdt = take_box(cursor);
    const auto trun = take_box(cursor);
    if (!cursor.finished() || tfhd.type != "tfhd" || tfdt.type != "tfdt" || trun.type != "trun")
        return odd("traf does not hold tfhd, tfdt and trun");
    const auto defaults = read_tfhd(tfhd.payload);
    if (!defaults) return odd("tfhd is not as written");
    ByteCursor time(tfdt.payload);
    const auto head = take_full_head(time);
    const auto decode_time = time.u64();
    if (!time.finished() || head.version != 1 || decode_time > kDecodeTimeMax) return odd("tfdt is not as written");
    facts.decode_time = static_cast<std::int64_t>(decode_time);
    auto run = read_trun(trun.payload, *defaults);
    if (!run) return odd("trun is not as written");
    facts.samples = std::move(run->samples);
    data_offset = run->data_offset;
    return {};
}

MediaResult<void> read_moof(ByteView payload, SegmentFacts& facts, std::size_t& data_offset) {
    ByteCursor cursor(payload);
    const auto mfhd = take_box(cursor);
    const auto traf = take_box(cursor);
    if (!cursor.finished() || mfhd.type != "mfhd" || traf.type != "traf")
        return odd("moof does not hold mfhd and one traf");
    ByteCursor number(mfhd.payload);
    (void)take_full_head(number);
    facts.sequence = number.u32();
    if (!number.finished()) return odd("mfhd is not as written");
    return read_traf(traf.payload, facts, data_offset);
}

}  // namespace

MediaResult<SegmentFacts> read_segment(ByteView bytes) {
    if (bytes.size() > static_cast<std::size_t>(limits::kSegmentBytesMax)) return odd("larger than any segment");
    ByteCursor cursor(bytes);
    const auto styp = take_box(cursor);
    const auto moof_offset = bytes.size() - cursor.left();
    const auto moof = take_box(cursor);
    const auto moof_bytes = bytes.size() - cursor.left() - moof_offset;
    const auto mdat = take_box(cursor);
    if (!cursor.finished() || styp.type != "styp" || moof.type != "moof" || mdat.type != "mdat")
        return odd("the file is not styp, moof and mdat");
    if (moof_offset != kMoofOffset) return odd("styp is not as written");
    SegmentFacts facts;
    facts.bytes = bytes.size();
    facts.moof_offset = moof_offset;
    std::size_t data_offset = 0;
    const auto read = read_moof(moof.payload, facts, data_offset);
    if (!read) return std::unexpected(read.error());
    constexpr std::size_t kMdatHeaderBytes = 8;
    if (data_offset != moof_bytes + kMdatHeaderBytes) return odd("the samples do not begin at the beginning of mdat");
    auto offset = moof_offset + data_offset;
    for (auto& sample : facts.samples) {
        if (sample.bytes == 0 || sample.bytes > bytes.size() - offset)
            return odd("a sample is empty or leads out of mdat");
        if (sample.duration == 0) return odd("a sample lasts no time");
        sample.offset = offset;
        offset += sample.bytes;
        facts.duration += sample.duration;
    }
    if (offset != bytes.size()) return odd(fmt::format("{} bytes of mdat belong to no sample", bytes.size() - offset));
    return facts;
}

}  // namespace movio::media
