#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.hpp"

// The names of blobs, which are the public paths too (ARCHITECTURE, "Blob keys are the public paths"). Services that
// share a store agree by this file alone.
namespace movio::blob_keys {

inline constexpr std::string_view kPosterName = "image/poster.jpg";           // the first one, soon
inline constexpr std::string_view kBestPosterName = "image/poster-best.jpg";  // once the whole film was seen

// Of no public address.
std::string source(VideoId video, int revision);
// Raw text packets of a track on their way to the captions import, which removes them.
std::string raw_cues(VideoId video, int revision, std::string_view stream);
// What the keys of one kind of figures ("look", "strip", "levels") begin with; they go when the film is finished.
std::string figures_prefix(VideoId video, int revision, std::string_view kind);
std::string figures(VideoId video, int revision, std::string_view kind, std::int64_t number);
std::string strip(VideoId video, int revision, std::int64_t first_frame);

// What all public blobs of a revision begin with.
std::string revision_prefix(VideoId video, int revision);
std::string plan(VideoId video, int revision);
std::string measured(VideoId video, int revision);
std::string poster(VideoId video, int revision);
// Sheets of the storyboard and the animated preview, by file name.
std::string image(VideoId video, int revision, std::string_view name);
// A segment (n ≥ 1) or the init segment (n = 0) of a rendition.
std::string segment(VideoId video, int revision, std::string_view rendition, std::int64_t n);
// What all blobs of a film begin with, of every revision.
std::array<std::string, 3> video_prefixes(VideoId video);
// Captions outlive a revision.
std::string caption(VideoId video, TrackId track, int version);

}  // namespace movio::blob_keys
