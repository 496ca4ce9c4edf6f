#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "ports/database.hpp"

// Rows of `tracks` and `cues`: the captions of a film. Captions outlive a revision.
namespace movio::catalog {

struct CaptionTrackRow {
    TrackId id;
    VideoId video;
    std::string language = "und";  // BCP 47
    std::string label;
    std::string source = "embedded";  // embedded, uploaded, translated, transcribed
    std::string origin;               // embedded: "stream:<N>", so that a repeated event finds its row
    int version = 1;                  // rises with every change; part of the file's address
    bool is_default = false;
    bool forced = false;
    bool hearing_impaired = false;
    std::int64_t created_us = 0;  // set by insert_track
};

struct CueRow {
    std::string cue_id;  // stable across edits
    std::int64_t start_ms = 0;
    std::int64_t end_ms = 0;
    std::string text;      // closed WebVTT subset
    std::string plain;     // what search and a screen reader see
    std::string settings;  // WebVTT cue settings
};

void insert_track(SqlSession& session, const CaptionTrackRow& track, const std::vector<CueRow>& cues);
std::optional<CaptionTrackRow> find_embedded_track(SqlSession& session, VideoId video, const std::string& origin);
// In the order they are offered: by language, then as made.
std::vector<CaptionTrackRow> tracks_of(SqlSession& session, VideoId video);
std::vector<CueRow> cues_of(SqlSession& session, TrackId track);

}  // namespace movio::catalog
