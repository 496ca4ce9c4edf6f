#pragma once
#include <string>
#include <string_view>

#include "media/format/captions/cue_text.hpp"

namespace movio::media {

// Longer raw text of one cue is cut before it is read: the result is bounded far below, and so is the work.
inline constexpr std::size_t kRawCueTextBytesMax = 64U << 10;

// WebVTT cue text (W3C WebVTT §6.4): tags, classes, voices, character references.
void append_webvtt_markup(CueText& cue, std::string_view text);

// SubRip as it is found: <i>, <b>, <u>, <font> (left out), {\an8} and {\i1} of ASS; any other sign is text. Returns the
// alignment on a keypad, 0 when none is named.
int append_subrip_markup(CueText& cue, std::string_view text);

// The text of an ASS event: override blocks, \N, \n, \h, drawings left out. Returns the alignment as above.
int append_ass_markup(CueText& cue, std::string_view text);

}  // namespace movio::media
