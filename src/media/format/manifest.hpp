#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "media/format/measured.hpp"
#include "media/format/plan.hpp"

namespace movio::media {

// Manifests of one revision: pure functions of the plan, of what was measured and of the caption tracks there are. They
// stand in the revision's folder and hold relative addresses only. Both kinds name the same files.
//
// Without `measured` (nullptr) they are provisional: every segment is listed although it may not be made yet, and the
// bandwidths are upper bounds that follow from the encoder's caps.

// A caption file as manifests see it. Captions outlive a revision, so their folder lies beside it.
struct CaptionTrack {
    std::string id;                // the track's id, as it stands in addresses
    std::string language = "und";  // BCP 47
    std::string label;
    std::int64_t version = 1;
    bool is_default = false;
    bool forced = false;
    bool hearing_impaired = false;

    std::string address() const;   // "../text/<id>/<version>.vtt"
    std::string playlist() const;  // "text-<id>-<version>.m3u8"
};

// ISO/IEC 23009-1, profiles isoff-live and cmaf, explicit addressing; `main.mpd`.
std::string render_mpd(const Plan& plan, const Measured* measured, std::span<const CaptionTrack> captions);

// RFC 8216bis multivariant playlist; `main.m3u8`.
std::string render_hls_main(const Plan& plan, const Measured* measured, std::span<const CaptionTrack> captions);

// `<rendition>.m3u8`; empty when the plan has no such rendition.
std::string render_hls_media(const Plan& plan, std::string_view rendition);

// `<rendition>-iframes.m3u8`: each segment's IDR picture as a byte range of moof and first sample (RFC 8216 §4.3.3.6),
// for scanning through the film. Empty where there is no such rung, or its pictures were not measured; then
// `main.m3u8` names no such playlist either.
std::string render_hls_iframes(const Plan& plan, const Measured* measured, std::string_view rendition);
inline constexpr std::string_view kIframesEnding = "-iframes";

// `text-<id>-<version>.m3u8`: the whole caption file as one segment.
std::string render_hls_text(const Plan& plan, const CaptionTrack& track);

}  // namespace movio::media
