#include <fmt/format.h>

#include "media/format/captions/captions.hpp"
#include "media/format/captions/cue_list.hpp"
#include "media/format/captions/cue_markup.hpp"
#include "media/format/captions/cue_settings.hpp"
#include "media/format/captions/cue_times.hpp"
#include "media/format/captions/formats.hpp"
#include "media/format/captions/line_reader.hpp"

namespace movio::media {

namespace {

MediaResult<void> add_cue(CueList& list, const CueTimes& times, std::string_view markup) {
    CueText text;
    append_webvtt_markup(text, markup);
    return list.add(times.start_ms, times.end_ms, std::move(text), clean_settings(times.rest));
}

// Lines up to a blank one, or to a line of times where the blank one was forgotten. An arrow alone does not end it as
// in W3C WebVTT §6.3: people write arrows.
std::string take_block(LineReader& reader) {
    std::string block;
    auto position = reader.position();
    while (const auto line = reader.next()) {
        if (line->empty()) return block;
        if (parse_times_line(*line)) {
            reader.go_back_to(position);
            return block;
        }
        if (block.size() <= kRawCueTextBytesMax) {
            block += *line;
            block += '\n';
        }
        position = reader.position();
    }
    return block;
}

}  // namespace

// What is not a cue (the header, NOTE, STYLE, REGION) has no line of times and falls through; so do identifiers.
MediaResult<Captions> parse_webvtt(std::string_view text) {
    CueList list;
    LineReader reader(text);
    while (const auto line = reader.next()) {
        const auto times = parse_times_line(*line);
        if (!times) continue;
        const auto added = add_cue(list, *times, take_block(reader));
        if (!added) return std::unexpected(added.error());
    }
    return list.take();
}

MediaResult<Captions> parse_webvtt_packets(const std::vector<RawCue>& packets) {
    CueList list;
    for (const auto& packet : packets) {
        const CueTimes times{packet.start_ms, packet.end_ms, packet.settings};
        const auto added = add_cue(list, times, packet.payload);
        if (!added) return std::unexpected(added.error());
    }
    return list.take();
}

std::string to_webvtt(std::span<const Cue> cues) {
    std::string text = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n";
    for (const auto& cue : cues)
        text += fmt::format("\n{} --> {}{}{}\n{}\n", format_time(cue.start_ms), format_time(cue.end_ms),
                            cue.settings.empty() ? "" : " ", cue.settings, cue.text);
    return text;
}

}  // namespace movio::media
