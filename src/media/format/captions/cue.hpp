#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace movio::media {

// One caption as it is stored and shown, whatever file it came from. `text` is a closed subset of WebVTT cue text: b,
// i, u, ruby, rt, v and line breaks, well nested, everything else escaped; no blank line, no "-->", no control
// characters. `plain` is the same without tags, escapes and ruby readings. `settings` are WebVTT cue settings from a
// closed list.
struct Cue {
    std::int64_t start_ms = 0;
    std::int64_t end_ms = 0;
    std::string text;
    std::string plain;
    std::string settings;

    bool operator==(const Cue&) const = default;
};

// Sorted by start; cues may overlap. Every cue has text, begins at 0 or later and ends after it begins.
struct Captions {
    std::vector<Cue> cues;
    std::int64_t dropped = 0;  // cues without text or without a time to be shown
};

}  // namespace movio::media
