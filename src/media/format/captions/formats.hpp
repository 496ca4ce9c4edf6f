#pragma once
#include <string_view>
#include <vector>

#include "media/format/artefact.hpp"
#include "media/format/captions/cue.hpp"
#include "media/format/media_result.hpp"

namespace movio::media {

// One parser a format. Texts are well-formed UTF-8 without a byte order mark (charset.hpp); packets are bytes. Anything
// that cannot be read as a cue is skipped, as players do; only a limit makes them fail.

MediaResult<Captions> parse_subrip(std::string_view text);
MediaResult<Captions> parse_webvtt(std::string_view text);
MediaResult<Captions> parse_ass(std::string_view text);
MediaResult<Captions> parse_ttml(std::string_view text);

MediaResult<Captions> parse_subrip_packets(const std::vector<RawCue>& packets);
MediaResult<Captions> parse_webvtt_packets(const std::vector<RawCue>& packets);
// Matroska's form of an event: ReadOrder, Layer, Style, Name, margins, Effect, Text.
MediaResult<Captions> parse_ass_packets(const std::vector<RawCue>& packets);
// 3GPP TS 26.245 §5.17: a length, text, modifier boxes.
MediaResult<Captions> parse_tx3g_packets(const std::vector<RawCue>& packets);

}  // namespace movio::media
