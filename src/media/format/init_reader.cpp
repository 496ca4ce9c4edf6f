#include <map>
#include <optional>

#include "media/format/box_reader.hpp"
#include "media/format/byte_cursor.hpp"

namespace movio::media {

namespace {

constexpr std::size_t kInitBytesMax = 64U << 10;  // ours have about 800

std::unexpected<MediaError> odd(std::string detail) {
    return bad_media(MediaStage::package, ErrorCode::damaged, "An init segment that was made is not in order.",
                     std::move(detail));
}

// The boxes inside a container, each type once.
using Children = std::map<std::string_view, ByteView>;

std::optional<Children> children_of(ByteView payload) {
    ByteCursor cursor(payload);
    Children children;
    while (!cursor.at_end()) {
        const auto box = take_box(cursor);
        if (cursor.failed() || !children.emplace(box.type, box.payload).second) return std::nullopt;
    }
    return cursor.failed() ? std::nullopt : std::optional(std::move(children));
}

// Goes down through containers by name; empty when one is missing or holds something twice.
std::optional<ByteView> find_box(ByteView payload, std::initializer_list<std::string_view> path) {
    for (const auto name : path) {
        const auto children = children_of(payload);
        if (!children || !children->contains(name)) return std::nullopt;
        payload = children->at(name);
    }
    return payload;
}

MediaResult<void> read_avc1(ByteView payload, InitFacts& facts) {
    ByteCursor cursor(payload);
    constexpr std::size_t kBeforeSize = 24;
    constexpr std::size_t kBehindSize = 50;
    cursor.skip(kBeforeSize);
    facts.width = cursor.u16();
    facts.height = cursor.u16();
    cursor.skip(kBehindSize);
    const auto children = children_of(cursor.take(cursor.left()));
    if (!children || !children->contains("avcC") || !children->contains("colr") || !children->contains("pasp"))
        return odd("avc1 lacks avcC, colr or pasp");
    const auto config = children->at("avcC");
    facts.codec_config.assign(config.begin(), config.end());
    ByteCursor colour(children->at("colr"));
    const auto kind = as_text(colour.take(4));
    facts.colour.primaries = colour.u16();
    facts.colour.transfer = colour.u16();
    facts.colour.matrix = colour.u16();
    facts.colour.full_range = (colour.u8() & 0x80) != 0;
    if (kind != "nclx" || !colour.finished() || config.size() < 7) return odd("colr or avcC is not as written");
    return {};
}

// A descriptor of ISO/IEC 14496-1 §7.2.2 whose length stands in one byte.
ByteView take_descriptor(ByteCursor& cursor, unsigned tag) {
    if (cursor.u8() != tag) cursor.skip(SIZE_MAX);
    return cursor.take(cursor.u8());
}

MediaResult<void> read_mp4a(ByteView payload, InitFacts& facts) {
    ByteCursor cursor(payload);
    constexpr std::size_t kBeforeChannels = 16;
    cursor.skip(kBeforeChannels);
    facts.channels = cursor.u16();
    cursor.skip(6);
    facts.sample_rate = static_cast<int>(cursor.u32() >> 16);
    const auto esds = take_box(cursor);
    if (!cursor.finished() || esds.type != "esds") return odd("mp4a does not hold one esds");
    ByteCursor outer(esds.payload);
    (void)take_full_head(outer);
    ByteCursor stream(take_descriptor(outer, 3));
    stream.skip(3);
    ByteCursor decoder(take_descriptor(stream, 4));
    const auto object_type = decoder.u8();
    decoder.skip(12);
    const auto config = take_descriptor(decoder, 5);
    constexpr unsigned kAac = 0x40;
    if (object_type != kAac || !decoder.finished() || stream.failed() || outer.failed() || config.size() < 2)
        return odd("esds is not as written");
    facts.codec_config.assign(config.begin(), config.end());
    return {};
}

MediaResult<void> read_sample_entry(ByteView stsd, InitFacts& facts) {
    ByteCursor cursor(stsd);
    (void)take_full_head(cursor);
    const auto count = cursor.u32();
    const auto entry = take_box(cursor);
    if (!cursor.finished() || count != 1) return odd("stsd does not hold one entry");
    facts.codec = entry.type;
    if (entry.type == "avc1") return read_avc1(entry.payload, facts);
    if (entry.type == "mp4a") return read_mp4a(entry.payload, facts);
    return odd("the codec is neither avc1 nor mp4a");
}

MediaResult<void> read_times(ByteView moov, InitFacts& facts) {
    const auto mdhd = find_box(moov, {"trak", "mdia", "mdhd"});
    const auto mehd = find_box(moov, {"mvex", "mehd"});
    if (!mdhd || !mehd || !find_box(moov, {"mvex", "trex"})) return odd("mdhd, mehd or trex is missing");
    ByteCursor media(*mdhd);
    const auto media_head = take_full_head(media);
    media.skip(8);
    facts.timescale = media.u32();
    ByteCursor whole(*mehd);
    const auto whole_head = take_full_head(whole);
    const auto duration = whole_head.version == 1 ? whole.u64() : whole.u32();
    if (media.failed() || media_head.version != 0 || facts.timescale == 0 || !whole.finished() || duration > INT64_MAX)
        return odd("mdhd or mehd is not as written");
    facts.duration = static_cast<std::int64_t>(duration);
    const auto elst = find_box(moov, {"trak", "edts", "elst"});
    if (!elst) return {};
    ByteCursor edits(*elst);
    const auto edits_head = take_full_head(edits);
    const auto count = edits.u32();
    edits.skip(4);
    facts.media_time = edits.u32();
    const auto rate = edits.u32();
    if (!edits.finished() || edits_head.version != 0 || count != 1 || rate != 0x00010000)
        return odd("elst is not as written");
    return {};
}

}  // namespace

MediaResult<InitFacts> read_init(ByteView bytes) {
    if (bytes.size() > kInitBytesMax) return odd("larger than any init segment");
    ByteCursor cursor(bytes);
    const auto ftyp = take_box(cursor);
    const auto moov = take_box(cursor);
    if (!cursor.finished() || ftyp.type != "ftyp" || moov.type != "moov") return odd("the file is not ftyp and moov");
    InitFacts facts;
    const auto times = read_times(moov.payload, facts);
    if (!times) return std::unexpected(times.error());
    const auto stsd = find_box(moov.payload, {"trak", "mdia", "minf", "stbl", "stsd"});
    if (!stsd) return odd("stsd is missing");
    const auto entry = read_sample_entry(*stsd, facts);
    if (!entry) return std::unexpected(entry.error());
    return facts;
}

}  // namespace movio::media
