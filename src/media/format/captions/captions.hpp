#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "media/format/artefact.hpp"
#include "media/format/captions/cue.hpp"
#include "media/format/media_result.hpp"

namespace movio::media {

// Captions from anywhere, possibly hostile: bounded by limits::kCaptionFileBytesMax, kCuesPerTrackMax and
// kCueTextBytesMax. All pure.

// The packets of a text track. `codec` is libav's short name: subrip, text, ass, ssa, webvtt, mov_text.
MediaResult<Captions> captions_from_packets(std::string_view codec, const std::vector<RawCue>& packets);

// A file that somebody uploads: SubRip, WebVTT, ASS/SSA or TTML in any usual encoding; told apart by their content.
MediaResult<Captions> captions_from_file(ByteView bytes);

// The file that players read: WebVTT with an X-TIMESTAMP-MAP that says that content and captions begin together.
std::string to_webvtt(std::span<const Cue> cues);

}  // namespace movio::media
