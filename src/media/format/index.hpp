#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "media/format/rational.hpp"

namespace movio::media {

// What one demux pass over a source found out, without decoding. Times of a track are ticks of its own `time_base`
// on the source's clock; `time_zero_us` is where the film begins on that clock (first displayed video frame, else the
// first sample of sound).

// How far from zero a source's clock may count: live recordings count from 1970. Beyond it, it is damaged.
inline constexpr std::int64_t kClockSecondsMax = 4'000'000'000;

struct ColourInfo {  // code points of ITU-T H.273; 2 = unspecified
    int primaries = 2;
    int transfer = 2;
    int matrix = 2;
    bool full_range = false;
};

// What it takes to hand on the packets of an H.264 track as they are. Frames are those of the grid of the track's
// nominal rate; the track has exactly one picture for each, all its groups of pictures are closed.
struct PassthroughFacts {
    std::string avc_config;  // hexadecimal AVCDecoderConfigurationRecord, with every parameter set of the track
    int profile = 0;         // profile_idc
    int level = 0;           // ten times the level
    // IDR pictures, ascending from 0, and the bytes of the samples from each to the next. Where several lie within
    // half a second, some are left out.
    std::vector<std::int64_t> idr_frames;
    std::vector<std::int64_t> idr_bytes;
};

struct VideoInfo {
    int width = 0;  // coded, before sample aspect and rotation
    int height = 0;
    Rational sample_aspect{1, 1};
    int rotation = 0;       // clockwise degrees to turn the picture upright: 0, 90, 180, 270
    bool mirrored = false;  // flipped left to right, before the rotation
    int bit_depth = 8;
    bool interlaced = false;
    ColourInfo colour;
    Rational frame_rate{25, 1};       // the nominal rate chosen for the output grid (choose_frame_rate)
    std::int64_t frames = 0;          // packets that show a picture
    std::int64_t frames_dropped = 0;  // predicted when resampled to frame_rate
    std::int64_t frames_repeated = 0;
    std::optional<PassthroughFacts> passthrough;
    std::string passthrough_obstacle;  // why there is none, for people; empty where nobody looked
};

struct AudioInfo {
    int sample_rate = 0;
    int channels = 0;
    std::string codec_config;  // hexadecimal extradata (AudioSpecificConfig for AAC)
    bool aac_lc = false;
    int bit_rate = 0;                        // bits per second, measured over the packets
    std::int64_t gap_max = 0;                // largest distance between the end of a packet and the next, in ticks
    std::int64_t frame_ticks_irregular = 0;  // AAC packets not of 1024 samples, or of another configuration
};

struct TextInfo {
    bool bitmap = false;  // pictures, not text: named and skipped
    std::int64_t cues = 0;
};

// One access point for seeking: `pts` of the keyframe and the byte its packet begins at (-1 unknown). At most one
// a second is kept.
struct Keyframe {
    std::int64_t pts = 0;
    std::int64_t dts = 0;
    std::int64_t position = -1;
};

enum class TrackKind { video, audio, text };

struct Track {
    int stream = 0;  // index in the container
    TrackKind kind = TrackKind::video;
    std::string codec;  // libav's short name: h264, aac, subrip, …
    std::string profile;
    std::string language = "und";  // BCP 47
    std::string title;
    bool is_default = false;
    bool forced = false;
    bool hearing_impaired = false;
    bool commentary = false;
    Rational time_base{1, 1000};  // seconds per tick
    std::int64_t first_pts = 0;
    std::int64_t end_pts = 0;  // end of the last packet's duration
    std::int64_t packets = 0;
    std::int64_t bytes = 0;
    std::optional<VideoInfo> video;
    std::optional<AudioInfo> audio;
    std::optional<TextInfo> text;
    std::vector<Keyframe> keyframes;  // of the film's video track only
};

// From time zero; ascending, one after another, within the film.
struct Chapter {
    std::int64_t start_ms = 0;
    std::int64_t end_ms = 0;
    std::string title;
};

struct Index {
    std::string container;  // libav's demuxer name
    std::int64_t source_bytes = 0;
    std::int64_t time_zero_us = 0;
    std::int64_t duration_us = 0;  // from time zero to the end of the longer of picture and sound
    bool seekable_by_time = true;  // false: seek by byte position (MPEG-TS/PS)
    std::vector<Track> tracks;
    std::vector<Chapter> chapters;      // at most limits::kChaptersMax
    std::vector<std::string> warnings;  // what was skipped and why, for people
};

std::string to_json(const Index& index);
Result<Index> index_from_json(std::string_view text);

}  // namespace movio::media
