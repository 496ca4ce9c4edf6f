#include "media/format/captions/captions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "media/format/captions/charset.hpp"
#include "media/format/captions/cue_times.hpp"
#include "media/format/captions/formats.hpp"
#include "media/format/captions/line_reader.hpp"

namespace movio::media {

namespace {

constexpr std::size_t kCharsetSampleBytesMax = 1U << 20;

// All packets of a track are in one encoding, which a single short one cannot tell.
std::vector<RawCue> in_utf8(const std::vector<RawCue>& packets) {
    auto converted = packets;
    const auto valid = [](const RawCue& packet) { return is_valid_utf8(packet.payload); };
    if (std::ranges::all_of(packets, valid)) return converted;
    std::string sample;
    for (const auto& packet : packets) {
        if (sample.size() > kCharsetSampleBytesMax) break;
        sample += packet.payload + "\n";
    }
    const auto charset = detect_charset(as_bytes(sample));
    for (auto& packet : converted) packet.payload = from_charset(as_bytes(packet.payload), charset);
    return converted;
}

bool has_times(std::string_view text) {
    LineReader reader(text);
    while (const auto line = reader.next())
        if (parse_times_line(*line)) return true;
    return false;
}

MediaResult<Captions> parse_text(std::string_view text) {
    const auto head = trim(text.substr(0, 4096));
    if (head.starts_with("WEBVTT")) return parse_webvtt(text);
    const bool xml = head.starts_with("<?xml") || head.starts_with("<tt") || head.starts_with("<!--");
    if (xml) return parse_ttml(text);
    if (head.starts_with("[Script Info]") || text.find("\n[Events]") != std::string_view::npos) return parse_ass(text);
    if (has_times(text)) return parse_subrip(text);
    return bad_media(MediaStage::captions, ErrorCode::not_media,
                     "The file holds no subtitles that can be read. Use WebVTT, SubRip, ASS or TTML.");
}

}  // namespace

MediaResult<Captions> captions_from_packets(std::string_view codec, const std::vector<RawCue>& packets) {
    if (codec == "mov_text") return parse_tx3g_packets(packets);
    const auto converted = in_utf8(packets);
    if (codec == "subrip" || codec == "srt" || codec == "text") return parse_subrip_packets(converted);
    if (codec == "webvtt") return parse_webvtt_packets(converted);
    if (codec == "ass" || codec == "ssa") return parse_ass_packets(converted);
    return bad_media(MediaStage::captions, ErrorCode::codec_unsupported,
                     fmt::format("Subtitles of the kind '{}' cannot be read.", to_valid_utf8(codec)));
}

MediaResult<Captions> captions_from_file(ByteView bytes) {
    if (bytes.size() > limits::kCaptionFileBytesMax)
        return bad_media(MediaStage::captions, ErrorCode::too_large,
                         fmt::format("A subtitle file may have {} MiB at most.", limits::kCaptionFileBytesMax >> 20));
    const auto text = to_utf8_text(bytes);
    auto captions = parse_text(text);
    if (captions && captions->cues.empty())
        return bad_media(MediaStage::captions, ErrorCode::not_media, "The file holds no subtitle that can be shown.");
    return captions;
}

}  // namespace movio::media
