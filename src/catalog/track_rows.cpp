#include "catalog/track_rows.hpp"

#include <fmt/format.h>

namespace movio::catalog {
namespace {

constexpr std::string_view kColumns = "id, video_id, language, label, source, origin_track, version, flags, created_us";

bool has_word(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const auto space = words.find(' ');
        if (words.substr(0, space) == word) return true;
        if (space == std::string_view::npos) break;
        words.remove_prefix(space + 1);
    }
    return false;
}

std::string flags_of(const CaptionTrackRow& track) {
    std::string words;
    const auto add = [&words](bool set, std::string_view word) {
        if (!set) return;
        if (!words.empty()) words += ' ';
        words += word;
    };
    add(track.is_default, "default");
    add(track.forced, "forced");
    add(track.hearing_impaired, "sdh");
    return words;
}

CaptionTrackRow track_of(const SqlRow& row) {
    CaptionTrackRow track;
    track.id = TrackId::parse(row.text(0)).value();
    track.video = VideoId::parse(row.text(1)).value();
    track.language = row.text(2);
    track.label = row.text(3);
    track.source = row.text(4);
    track.origin = row.text_or_null(5).value_or("");
    track.version = static_cast<int>(row.integer(6));
    track.is_default = has_word(row.text(7), "default");
    track.forced = has_word(row.text(7), "forced");
    track.hearing_impaired = has_word(row.text(7), "sdh");
    track.created_us = row.integer(8);
    return track;
}

}  // namespace

void insert_track(SqlSession& session, const CaptionTrackRow& track, const std::vector<CueRow>& cues) {
    session.run(
        "INSERT INTO tracks (id, video_id, language, label, source, origin_track, version, flags, created_us) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, movio_now_us())",
        {sql(track.id.text()), sql(track.video.text()), sql(track.language), sql(track.label), sql(track.source),
         track.origin.empty() ? SqlValue{} : sql(track.origin), sql(track.version), sql(flags_of(track))});
    std::int64_t seq = 0;
    for (const auto& cue : cues) {
        session.run(
            "INSERT INTO cues (track_id, cue_id, seq, start_ms, end_ms, text, plain, settings) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            {sql(track.id.text()), sql(cue.cue_id), sql(++seq), sql(cue.start_ms), sql(cue.end_ms), sql(cue.text),
             sql(cue.plain), sql(cue.settings)});
    }
}

std::optional<CaptionTrackRow> find_embedded_track(SqlSession& session, VideoId video, const std::string& origin) {
    const auto found = session.run(
        fmt::format("SELECT {} FROM tracks WHERE video_id = $1 AND source = 'embedded' AND origin_track = $2",
                    kColumns),
        {sql(video.text()), sql(origin)});
    return found.empty() ? std::nullopt : std::optional(track_of(found.rows.front()));
}

std::vector<CaptionTrackRow> tracks_of(SqlSession& session, VideoId video) {
    const auto found = session.run(
        fmt::format("SELECT {} FROM tracks WHERE video_id = $1 ORDER BY language, id", kColumns), {sql(video.text())});
    std::vector<CaptionTrackRow> tracks;
    tracks.reserve(found.rows.size());
    for (const auto& row : found.rows) tracks.push_back(track_of(row));
    return tracks;
}

std::vector<CueRow> cues_of(SqlSession& session, TrackId track) {
    const auto found =
        session.run("SELECT cue_id, start_ms, end_ms, text, plain, settings FROM cues WHERE track_id = $1 ORDER BY seq",
                    {sql(track.text())});
    std::vector<CueRow> cues;
    cues.reserve(found.rows.size());
    for (const auto& row : found.rows)
        cues.push_back({row.text(0), row.integer(1), row.integer(2), row.text(3), row.text(4), row.text(5)});
    return cues;
}

}  // namespace movio::catalog
