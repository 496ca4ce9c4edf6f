#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "media/format/box_builder.hpp"
#include "media/format/box_writer.hpp"
#include "media/format/sound.hpp"

namespace movio::media {

namespace {

// ISO/IEC 14496-12 §8.8.3.1.
constexpr std::uint32_t kSyncSample = 0x02000000;       // depends on no other
constexpr std::uint32_t kDependentSample = 0x01010000;  // depends on others, not a sync sample

// §8.8.7.1 and §8.8.8.1.
constexpr std::uint32_t kTfhdDescriptionIndex = 0x000002;
constexpr std::uint32_t kTfhdDuration = 0x000008;
constexpr std::uint32_t kTfhdFlags = 0x000020;
constexpr std::uint32_t kTfhdBaseIsMoof = 0x020000;
constexpr std::uint32_t kTrunDataOffset = 0x000001;
constexpr std::uint32_t kTrunFirstFlags = 0x000004;
constexpr std::uint32_t kTrunDuration = 0x000100;
constexpr std::uint32_t kTrunSize = 0x000200;
constexpr std::uint32_t kTrunFlags = 0x000400;
constexpr std::uint32_t kTrunOffsets = 0x000800;

std::uint32_t flags_of(const Sample& sample) { return sample.sync ? kSyncSample : kDependentSample; }

std::uint32_t trun_flags(std::span<const Sample> samples) {
    const auto rest = samples.subspan(1);
    std::uint32_t flags = kTrunDataOffset | kTrunSize;
    if (std::ranges::any_of(rest, [&](const Sample& s) { return s.duration != samples[0].duration; }))
        flags |= kTrunDuration;
    if (std::ranges::any_of(samples, [](const Sample& s) { return s.cts_offset != 0; })) flags |= kTrunOffsets;
    // The default in tfhd is that of the samples after the first.
    const bool rest_alike = std::ranges::all_of(rest, [&](const Sample& s) { return s.sync == rest[0].sync; });
    if (!rest_alike)
        flags |= kTrunFlags;
    else if (!rest.empty() && rest[0].sync != samples[0].sync)
        flags |= kTrunFirstFlags;
    return flags;
}

std::size_t write_trun(BoxBuilder& out, std::span<const Sample> samples) {
    const auto flags = trun_flags(samples);
    out.begin_full("trun", 1, flags).u32(samples.size());
    const auto data_offset_at = out.size();
    out.u32(0);
    if (flags & kTrunFirstFlags) out.u32(flags_of(samples[0]));
    for (const auto& sample : samples) {
        if (flags & kTrunDuration) out.u32(static_cast<std::uint64_t>(sample.duration));
        out.u32(sample.data.size());
        if (flags & kTrunFlags) out.u32(flags_of(sample));
        if (flags & kTrunOffsets) out.u32(static_cast<std::uint64_t>(sample.cts_offset) & UINT32_MAX);
    }
    out.end();
    return data_offset_at;
}

}  // namespace

MediaResult<Bytes> write_segment(std::int64_t sequence, std::int64_t decode_time, std::span<const Sample> samples) {
    assert(!samples.empty() && sequence > 0 && decode_time >= 0);
    std::size_t payload = 0;
    for (const auto& sample : samples) {
        assert(sample.duration > 0 && sample.duration <= INT32_MAX);
        assert(sample.cts_offset >= INT32_MIN && sample.cts_offset <= INT32_MAX);
        payload += sample.data.size();
    }
    constexpr std::size_t kHeadBytesEach = 16;
    constexpr std::size_t kHeadBytes = 256;
    const auto whole = payload + samples.size() * kHeadBytesEach + kHeadBytes;
    if (whole > static_cast<std::size_t>(limits::kSegmentBytesMax))
        return bad_media(MediaStage::package, ErrorCode::too_large,
                         "A segment is larger than this server serves. Lower the bit rate of the ladder.",
                         fmt::format("segment {} would have {} bytes", sequence, whole));

    BoxBuilder out;
    out.reserve(whole);
    out.begin("styp").text("msdh").u32(0).text("msdh").text("cmfs").text("iso6").end();
    const auto moof_at = out.size();
    assert(moof_at == kMoofOffset);
    const auto& usual = samples.size() > 1 ? samples[1] : samples[0];
    out.begin("moof").begin_full("mfhd", 0, 0).u32(static_cast<std::uint64_t>(sequence)).end();
    out.begin("traf");
    out.begin_full("tfhd", 0, kTfhdBaseIsMoof | kTfhdDescriptionIndex | kTfhdDuration | kTfhdFlags);
    out.u32(1).u32(1).u32(static_cast<std::uint64_t>(samples[0].duration)).u32(flags_of(usual)).end();
    out.begin_full("tfdt", 1, 0).u64(static_cast<std::uint64_t>(decode_time)).end();
    const auto data_offset_at = write_trun(out, samples);
    out.end().end();
    constexpr std::size_t kMdatHeaderBytes = 8;
    out.patch_u32(data_offset_at, out.size() - moof_at + kMdatHeaderBytes);
    out.begin("mdat");
    for (const auto& sample : samples) out.bytes(sample.data);
    out.end();
    return out.take();
}

std::int64_t segment_decode_time(const Plan& plan, const VideoRendition&, std::int64_t k) {
    return plan.grid.segment(k).first_frame * plan.grid.frame_ticks();
}

std::int64_t segment_decode_time(const Plan& plan, const AudioRendition& rendition, std::int64_t k) {
    return audio_segment(plan, rendition, k).first * kAacFrameSamples;
}

}  // namespace movio::media
