#include "media/engine/av/sample_table.hpp"

#include <algorithm>
#include <utility>

namespace movio::media::av {
namespace {

constexpr int kSkippedMax = 64;         // entries that an edit list hides in a row
constexpr int kSearchesMax = 16;        // of all entries, for the place where libav is in a stream
constexpr std::size_t kHeadBytes = 64;  // of a slice; what it begins with is a few bytes
constexpr std::uint8_t kAvcConfiguration = 1;
constexpr int kHevcConfigurationBytes = 23;

// ISO/IEC 14496-15 §5.3.3.1 and §8.3.3.1. nullopt: units are not told apart by lengths.
std::optional<int> length_bytes_of(const AVCodecParameters& parameters) {
    const auto* configuration = parameters.extradata;
    if (parameters.codec_id == AV_CODEC_ID_H264) {
        if (parameters.extradata_size < 7 || configuration[0] != kAvcConfiguration) return std::nullopt;
        return (configuration[4] & 3) + 1;
    }
    if (parameters.extradata_size < kHevcConfigurationBytes || configuration[0] != kAvcConfiguration)
        return std::nullopt;
    return (configuration[21] & 3) + 1;
}

// What libav 5.1 and 7.1 look at themselves, beyond what was read of a stream before. 0: nothing; nullopt: its samples
// are read whole. The parser of AAC takes samples as they are.
std::optional<int> length_bytes_of(AVStream& stream) {
    const auto& parameters = *stream.codecpar;
    if (stream.discard == AVDISCARD_ALL) return std::nullopt;
    switch (parameters.codec_id) {
        case AV_CODEC_ID_H264:
        case AV_CODEC_ID_HEVC: return length_bytes_of(parameters);
        case AV_CODEC_ID_AAC: return parameters.extradata_size > 0 ? std::optional(0) : std::nullopt;
        case AV_CODEC_ID_PRORES:
        case AV_CODEC_ID_PCM_S16LE:
        case AV_CODEC_ID_PCM_S16BE:
        case AV_CODEC_ID_PCM_S24LE:
        case AV_CODEC_ID_PCM_S24BE:
        case AV_CODEC_ID_ALAC: return av_stream_get_parser(&stream) == nullptr ? std::optional(0) : std::nullopt;
        default: return std::nullopt;
    }
}

// ITU-T H.264 table 7-1: 1 to 5; H.265 table 7-1: 0 to 31.
bool is_slice(bool hevc, std::byte first) {
    const auto bits = static_cast<unsigned>(first);
    return hevc ? (bits >> 1U & 0x3FU) < 32 : (bits & 0x1FU) >= 1 && (bits & 0x1FU) <= 5;
}

// The units of one sample (ISO/IEC 14496-15 §5.3.3): of slices the head, all others whole.
MediaResult<void> read_units(ByteSource& source, std::int64_t offset, std::span<std::byte> target,
                             std::size_t length_bytes, bool hevc) {
    for (std::size_t at = 0; at + length_bytes < target.size();) {
        const auto head = target.subspan(at).first(std::min(kHeadBytes, target.size() - at));
        const auto got = source.read_at(offset + static_cast<std::int64_t>(at), head);
        if (!got) return std::unexpected(got.error());
        std::size_t length = 0;
        for (std::size_t i = 0; i < length_bytes; ++i) length = length << 8U | static_cast<std::size_t>(head[i]);
        const auto end = std::min(target.size(), at + length_bytes + length);
        // Behind a small unit the head has read a part of the next one, which is read again, whole.
        if (!is_slice(hevc, head[length_bytes]) && end > at + head.size()) {
            const auto rest = target.subspan(at + head.size(), end - at - head.size());
            const auto more = source.read_at(offset + static_cast<std::int64_t>(at + head.size()), rest);
            if (!more) return std::unexpected(more.error());
        }
        if (length == 0) return {};
        at = end;
    }
    return {};
}

}  // namespace

SampleTable::SampleTable(AVFormatContext& context) {
    for (unsigned i = 0; i < context.nb_streams; ++i) {
        auto& stream = *context.streams[i];
        if (const auto length_bytes = length_bytes_of(stream)) cursors_.push_back({&stream, *length_bytes});
    }
}

// Whether that is among the entries [first, end) of the stream; then it goes on behind it.
bool SampleTable::advance(Cursor& cursor, int first, int end, std::int64_t offset, std::size_t length) {
    for (int at = first; at < end; ++at) {
        const auto* entry = avformat_index_get_entry(cursor.stream, at);
        if (entry->pos != offset || std::cmp_not_equal(entry->size, length)) continue;
        cursor.next = at + 1;
        return true;
    }
    return false;
}

const SampleTable::Cursor* SampleTable::find(std::int64_t offset, std::size_t length) {
    for (auto& cursor : cursors_) {
        const int entries = avformat_index_get_entries_count(cursor.stream);
        if (cursor.next < 0) continue;
        if (advance(cursor, cursor.next, std::min(entries, cursor.next + kSkippedMax), offset, length)) return &cursor;
    }
    // Where libav is in a stream is not known before its first sample.
    for (auto& cursor : cursors_) {
        if (cursor.next >= 0 || cursor.searches >= kSearchesMax) continue;
        ++cursor.searches;
        if (advance(cursor, 0, avformat_index_get_entries_count(cursor.stream), offset, length)) return &cursor;
    }
    return nullptr;
}

std::optional<MediaResult<std::size_t>> SampleTable::read_sample(ByteSource& source, std::int64_t offset,
                                                                 std::span<std::byte> target) {
    if (!source.holds(offset + static_cast<std::int64_t>(target.size()))) return std::nullopt;
    const auto* cursor = find(offset, target.size());
    if (cursor == nullptr) return std::nullopt;
    std::ranges::fill(target, std::byte{0});
    if (cursor->length_bytes > 0) {
        const bool hevc = cursor->stream->codecpar->codec_id == AV_CODEC_ID_HEVC;
        const auto read = read_units(source, offset, target, static_cast<std::size_t>(cursor->length_bytes), hevc);
        if (!read) return std::unexpected(read.error());
    }
    return target.size();
}

}  // namespace movio::media::av
