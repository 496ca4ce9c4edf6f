#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/format/grid.hpp"
#include "media/format/index.hpp"
#include "media/format/media_result.hpp"

namespace movio::media {

// The plan of one revision: everything that makes its output what it is. Immutable; whoever makes a segment, in a batch
// or on demand, on any machine, reads the same plan and makes the same segment. Stored as plan.json.

struct RungSettings {
    int height = 0;    // short side of the upright picture, in pixels
    int cap_kbps = 0;  // VBV maximum; the buffer is as large
};

struct PlanSettings {
    std::vector<RungSettings> rungs{{360, 800}, {480, 1200}, {720, 2400}};
    int height_max = 720;
    int crf = 23;
    std::string preset = "veryfast";
    int audio_kbps_stereo = 128;
    int audio_kbps_mono = 96;
    // The source's own picture becomes the top rung without being encoded, whatever `height_max` says, where it fits
    // and no segment of it exceeds this rate.
    bool passthrough = true;
    int passthrough_kbps_max = 12'000;
};

struct VideoRendition {
    std::string name;  // "v-h264-720": the folder of its segments
    int width = 0;
    int height = 0;
    std::string codecs;   // RFC 6381, "avc1.4d401f"
    std::string profile;  // "main" or "high"
    int level = 31;       // ten times the H.264 level
    int cap_kbps = 0;
    int buffer_kbit = 0;
    int crf = 23;
    std::string preset = "veryfast";
    int threads = 2;              // part of the parameters: x264's output depends on it
    std::string parameters_hash;  // SHA-256 of all the above, so that unequal plans cannot be mixed up
    // The source's own samples, as they are: nothing of the encoder's parameters counts, `profile`, `level` and
    // `codecs` are the source's, `cap_kbps` is its peak.
    bool passthrough = false;
    std::string avc_config;  // of passthrough: the AVCDecoderConfigurationRecord of the init segment, hexadecimal
};

struct AudioRendition {
    std::string name;  // "a-1-en-2": source stream, language, channels
    int stream = 0;
    std::string language = "und";
    std::string label;
    bool is_default = false;
    bool passthrough = false;  // the source's AAC-LC packets as they are
    std::string codecs = "mp4a.40.2";
    int sample_rate = 48000;
    int channels = 2;
    int kbps = 128;
    // Samples at the head of the track that lie before time zero (encoder priming, or the packet before): the edit
    // list's media_time. Sample `media_time` is content time 0.
    std::int64_t media_time = 1024;
    std::int64_t frames_total = 0;  // AAC frames of 1024 samples, priming included
    std::string codec_config;       // hexadecimal AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) for the init segment
};

struct TextRendition {
    int stream = 0;
    std::string language = "und";
    std::string label;
    std::string codec;
    bool is_default = false;
    bool forced = false;
    bool hearing_impaired = false;
};

struct RejectedRung {
    int height = 0;
    std::string reason;
};

struct RenditionBytes {
    std::string name;
    std::int64_t bytes = 0;
};

// What it takes to make a film: foretold (estimate.hpp), or what it came to (Measured). Times are from the moment at
// which the work was asked for.
struct Estimate {
    std::int64_t playable_ms = 0;  // until the first segment of the lowest rung and of the default sound is stored
    std::int64_t complete_ms = 0;
    std::int64_t cpu_ms = 0;  // processor time of all media processes
    std::vector<RenditionBytes> renditions;

    std::int64_t bytes() const;
};

struct Plan {
    static constexpr int kVersion = 1;
    int version = kVersion;
    Index index;
    Grid grid;
    std::optional<int> video_stream;
    std::vector<VideoRendition> video;  // lowest first
    std::vector<RejectedRung> rejected;
    std::string passthrough_obstacle;   // why the source's picture is no rung as it is, for people; empty when it is
    std::vector<AudioRendition> audio;  // default first
    std::vector<TextRendition> text;
    std::int64_t poster_frame = 0;  // frame of the grid that the poster is taken from
    std::vector<std::string> warnings;
    std::optional<Estimate> estimate;  // of the machine that planned it

    bool has_video() const { return video_stream.has_value(); }
    std::int64_t duration_ms() const { return grid.duration_ms(); }
    const VideoRendition* find_video(std::string_view name) const;
    const AudioRendition* find_audio(std::string_view name) const;
    // The track that the picture comes from; nullptr where there is none.
    const Track* find_picture() const;
};

// Pure: the same index and settings give the same plan. Fails where nothing can be played (no picture and no sound).
MediaResult<Plan> make_plan(const Index& index, const PlanSettings& settings);

std::string to_json(const Plan& plan);
Result<Plan> plan_from_json(std::string_view text);

// The half-open range of AAC frames (priming included) that segment k of an audio rendition holds: boundaries lie at
// the frame nearest to the video boundary, so drift never exceeds half a frame.
struct FrameRange {
    std::int64_t first = 0;
    std::int64_t end = 0;
};
FrameRange audio_segment(const Plan& plan, const AudioRendition& rendition, std::int64_t k);

// Width and height of the upright, square-pixel picture, even numbers.
struct PictureSize {
    int width = 0;
    int height = 0;
};
PictureSize display_size(const VideoInfo& video);

// The smallest of {average if constant within 1 %, 24, 25, 30, 50, 60} that drops less than 2 % of the frames; at
// most 60. `pts` ascending, in ticks of `time_base`.
struct FrameRateChoice {
    Rational rate{25, 1};
    std::int64_t dropped = 0;
    std::int64_t repeated = 0;
};
FrameRateChoice choose_frame_rate(const std::vector<std::int64_t>& pts, Rational time_base);

}  // namespace movio::media
