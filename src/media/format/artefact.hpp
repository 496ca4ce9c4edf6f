#pragma once
#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "media/format/media_result.hpp"

namespace movio::media {

enum class ArtefactKind { index, plan, cues, init_segment, segment, image, figures };

// Pictures of the storyboard's tiles side by side, as a JPEG, and what was seen in the same stretch.
inline constexpr const char* kStrip = "strip";
inline constexpr const char* kLook = "look";
inline constexpr const char* kLevels = "levels";
inline constexpr const char* kPosterName = "poster.jpg";
inline constexpr const char* kPreviewName = "preview.webp";

// Something whole that the media engine made.
struct Artefact {
    ArtefactKind kind = ArtefactKind::segment;
    // init_segment, segment: rendition name; cues: the stream's number; image: file name, or kStrip; figures: kLook
    // (JSON of Look) or kLevels (JSON of Levels).
    std::string rendition;
    std::int64_t number = 0;   // segment: n = k + 1; strip and look: first frame; levels: first segment
    std::int64_t ticks = 0;    // segment: duration in its timescale
    std::int64_t damaged = 0;  // segment: frames that repeat the last good one or are silence
    Bytes bytes;
    std::string sha256;  // segment, init_segment: of the bytes, hexadecimal, once they have been checked
};

// Where the engine hands its work over, piece by piece. Used from one thread. `put` returns when the piece is taken;
// an error means stop.
class ArtefactSink {
public:
    virtual ~ArtefactSink() = default;
    virtual MediaResult<void> put(Artefact artefact) = 0;
    // How far the present work is, 0–1000; may be called often.
    virtual void progress(int permille) = 0;
    virtual bool stop_requested() const = 0;
};

// A text packet as it stands in the container: `payload` is in the codec's own syntax (SubRip, ASS event, WebVTT,
// tx3g).
struct RawCue {
    std::int64_t start_ms = 0;  // from time zero
    std::int64_t end_ms = 0;
    std::string payload;
    std::string settings;  // WebVTT cue settings, where the container carries them
    std::string identifier;
};

}  // namespace movio::media
