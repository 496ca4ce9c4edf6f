#include <algorithm>
#include <array>
#include <string_view>

#include "media/format/box_builder.hpp"
#include "media/format/box_writer.hpp"
#include "media/format/hex.hpp"
#include "media/format/sound.hpp"

namespace movio::media {

namespace {

constexpr std::array<std::uint32_t, 9> kUnityMatrix{0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000};
constexpr std::uint16_t kLanguageUndetermined = 0x55C4;  // "und", three times five bits
constexpr unsigned kEnabledInMovie = 3;

struct TrackShape {
    std::int64_t timescale = 1;
    std::int64_t duration = 0;  // ticks, for mehd
    std::string_view handler;
    std::string_view handler_name;
    int width = 0;
    int height = 0;
    std::int64_t media_time = 0;
};

void write_ftyp(BoxBuilder& out, std::string_view major, std::initializer_list<std::string_view> compatible) {
    out.begin("ftyp").text(major).u32(0);
    for (const auto brand : compatible) out.text(brand);
    out.end();
}

void write_matrix(BoxBuilder& out) {
    for (const auto value : kUnityMatrix) out.u32(value);
}

void write_mvhd(BoxBuilder& out, const TrackShape& track) {
    out.begin_full("mvhd", 0, 0).u32(0).u32(0).u32(static_cast<std::uint64_t>(track.timescale)).u32(0);
    out.u32(0x00010000).u16(0x0100).zeros(10);
    write_matrix(out);
    out.zeros(24).u32(2).end();
}

void write_tkhd(BoxBuilder& out, const TrackShape& track) {
    const bool sound = track.handler == "soun";
    out.begin_full("tkhd", 0, kEnabledInMovie).u32(0).u32(0).u32(1).u32(0).u32(0).zeros(8);
    out.u16(0).u16(0).u16(sound ? 0x0100 : 0).u16(0);
    write_matrix(out);
    out.u32(static_cast<std::uint64_t>(track.width) << 16).u32(static_cast<std::uint64_t>(track.height) << 16).end();
}

// A duration of zero means "to the end" where the film is in fragments (§8.6.6).
void write_edit_list(BoxBuilder& out, std::int64_t media_time) {
    if (media_time == 0) return;
    out.begin("edts").begin_full("elst", 0, 0).u32(1).u32(0).u32(static_cast<std::uint64_t>(media_time));
    out.u16(1).u16(0).end().end();
}

void write_data_reference(BoxBuilder& out) {
    constexpr unsigned kInThisFile = 1;
    out.begin("dinf").begin_full("dref", 0, 0).u32(1).begin_full("url ", 0, kInThisFile).end().end().end();
}

void write_empty_tables(BoxBuilder& out) {
    out.begin_full("stts", 0, 0).u32(0).end();
    out.begin_full("stsc", 0, 0).u32(0).end();
    out.begin_full("stsz", 0, 0).u32(0).u32(0).end();
    out.begin_full("stco", 0, 0).u32(0).end();
}

void write_mvex(BoxBuilder& out, std::int64_t duration) {
    out.begin("mvex");
    if (duration > UINT32_MAX)
        out.begin_full("mehd", 1, 0).u64(static_cast<std::uint64_t>(duration)).end();
    else
        out.begin_full("mehd", 0, 0).u32(static_cast<std::uint64_t>(duration)).end();
    out.begin_full("trex", 0, 0).u32(1).u32(1).u32(0).u32(0).u32(0).end().end();
}

template <class SampleEntry>
void write_moov(BoxBuilder& out, const TrackShape& track, const SampleEntry& write_sample_entry) {
    out.begin("moov");
    write_mvhd(out, track);
    out.begin("trak");
    write_tkhd(out, track);
    write_edit_list(out, track.media_time);
    out.begin("mdia").begin_full("mdhd", 0, 0).u32(0).u32(0).u32(static_cast<std::uint64_t>(track.timescale)).u32(0);
    out.u16(kLanguageUndetermined).u16(0).end();
    out.begin_full("hdlr", 0, 0).u32(0).text(track.handler).zeros(12).text(track.handler_name).u8(0).end();
    out.begin("minf");
    if (track.handler == "soun")
        out.begin_full("smhd", 0, 0).u16(0).u16(0).end();
    else
        out.begin_full("vmhd", 0, 1).zeros(8).end();
    write_data_reference(out);
    out.begin("stbl").begin_full("stsd", 0, 0).u32(1);
    write_sample_entry();
    out.end();
    write_empty_tables(out);
    out.end().end().end().end();  // stbl minf mdia trak
    write_mvex(out, track.duration);
    out.end();
}

// ISO/IEC 14496-14 §6.7: an ES_Descriptor with lengths in one byte each.
void write_esds(BoxBuilder& out, const AudioRendition& rendition, ByteView config) {
    constexpr unsigned kAac = 0x40;
    constexpr unsigned kAudioStream = 0x15;
    const auto bits_per_second = static_cast<std::uint64_t>(rendition.kbps) * 1000;
    const auto decoder_config = 13 + 2 + config.size();
    out.begin_full("esds", 0, 0);
    out.u8(3).u8(3 + 2 + decoder_config + 3).u16(1).u8(0);
    out.u8(4).u8(decoder_config).u8(kAac).u8(kAudioStream).u24(0).u32(bits_per_second).u32(bits_per_second);
    out.u8(5).u8(config.size()).bytes(config);
    out.u8(6).u8(1).u8(2).end();
}

}  // namespace

Bytes write_video_init(const Plan& plan, const VideoRendition& rendition, ByteView avc_config,
                       const ColourInfo& colour) {
    const TrackShape track{.timescale = plan.grid.timescale(),
                           .duration = plan.grid.frames_total() * plan.grid.frame_ticks(),
                           .handler = "vide",
                           .handler_name = "VideoHandler",
                           .width = rendition.width,
                           .height = rendition.height};
    BoxBuilder out;
    write_ftyp(out, "cmf2", {"cmf2", "cmfc", "iso6"});
    write_moov(out, track, [&] {
        out.begin("avc1").zeros(6).u16(1).zeros(16);
        out.u16(static_cast<std::uint64_t>(rendition.width)).u16(static_cast<std::uint64_t>(rendition.height));
        out.u32(0x00480000).u32(0x00480000).u32(0).u16(1).zeros(32).u16(0x18).u16(0xFFFF);
        out.begin("avcC").bytes(avc_config).end();
        out.begin("colr").text("nclx").u16(static_cast<std::uint64_t>(colour.primaries));
        out.u16(static_cast<std::uint64_t>(colour.transfer)).u16(static_cast<std::uint64_t>(colour.matrix));
        out.u8(colour.full_range ? 0x80 : 0).end();
        out.begin("pasp").u32(1).u32(1).end();
        out.end();
    });
    return out.take();
}

Bytes write_audio_init(const AudioRendition& rendition) {
    const TrackShape track{.timescale = rendition.sample_rate,
                           .duration = content_sample(rendition, rendition.frames_total),
                           .handler = "soun",
                           .handler_name = "SoundHandler",
                           .media_time = rendition.media_time};
    const auto config = from_hex(rendition.codec_config).value_or(Bytes{});
    BoxBuilder out;
    write_ftyp(out, "cmfc", {"cmfc", "iso6"});
    write_moov(out, track, [&] {
        out.begin("mp4a").zeros(6).u16(1).zeros(8);
        out.u16(static_cast<std::uint64_t>(rendition.channels)).u16(16).u32(0);
        out.u32(static_cast<std::uint64_t>(rendition.sample_rate) << 16);
        write_esds(out, rendition, config);
        out.end();
    });
    return out.take();
}

}  // namespace movio::media
