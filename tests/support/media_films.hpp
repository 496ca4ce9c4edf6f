#pragma once
#include <cstdint>
#include <string>
#include <utility>

#include "media/format/plan.hpp"

// Indexes of films that exist only on paper, for tests of everything that follows from an index.
namespace movio::media::test {

inline Track picture_track(int width, int height, Rational rate, std::int64_t frames) {
    Track track;
    track.stream = 0;
    track.kind = TrackKind::video;
    track.codec = "h264";
    track.time_base = {rate.den, rate.num};
    track.end_pts = frames;
    track.packets = frames;
    track.bytes = frames * 50'000;  // more than any ladder gives
    track.video.emplace();
    track.video->width = width;
    track.video->height = height;
    track.video->frame_rate = rate;
    track.video->frames = frames;
    for (std::int64_t pts = 0; pts < frames; pts += 250) track.keyframes.push_back({pts, pts, 1000 * pts});
    return track;
}

// A picture that can be passed through: an IDR picture every `group` frames, `bytes` from each to the next.
inline Track passed_track(int width, int height, Rational rate, std::int64_t frames, std::int64_t group,
                          std::int64_t bytes) {
    auto track = picture_track(width, height, rate, frames);
    PassthroughFacts facts;
    facts.avc_config = "0164001effe1001a6764001eacd940a02ff97011000003000100000300320f162d9601000668ebe3cb22c0fdf8f800";
    facts.profile = 100;
    facts.level = 30;
    for (std::int64_t frame = 0; frame < frames; frame += group) {
        facts.idr_frames.push_back(frame);
        facts.idr_bytes.push_back(bytes);
    }
    track.video->passthrough = std::move(facts);
    return track;
}

// Sound of another codec than AAC: it has to be encoded.
inline Track sound_track(int stream, std::string language, std::int64_t duration_ms, int channels = 6) {
    Track track;
    track.stream = stream;
    track.kind = TrackKind::audio;
    track.codec = "ac3";
    track.language = std::move(language);
    track.time_base = {1, 48000};
    track.end_pts = duration_ms * 48;
    track.packets = (track.end_pts + 1535) / 1536;
    track.audio.emplace();
    track.audio->sample_rate = 48000;
    track.audio->channels = channels;
    track.audio->bit_rate = 384'000;
    return track;
}

// AAC-LC as a common MP4 holds it: one packet of priming before time zero.
inline Track aac_track(int stream, std::string language, std::int64_t packets, int sample_rate = 48000,
                       int channels = 2) {
    Track track;
    track.stream = stream;
    track.kind = TrackKind::audio;
    track.codec = "aac";
    track.language = std::move(language);
    track.time_base = {1, sample_rate};
    track.first_pts = -1024;
    track.end_pts = (packets - 1) * 1024;
    track.packets = packets;
    track.audio.emplace();
    track.audio->sample_rate = sample_rate;
    track.audio->channels = channels;
    track.audio->codec_config = sample_rate == 44100 ? "1210" : channels == 1 ? "1188" : "119056e500";
    track.audio->aac_lc = true;
    track.audio->bit_rate = 128'000;
    return track;
}

inline Track text_track(int stream, std::string language, std::string codec = "subrip") {
    Track track;
    track.stream = stream;
    track.kind = TrackKind::text;
    track.codec = std::move(codec);
    track.language = std::move(language);
    track.text = TextInfo{.bitmap = false, .cues = 10};
    return track;
}

template <class... Tracks>
Index index_of(Tracks... tracks) {
    Index index;
    index.container = "matroska,webm";
    index.source_bytes = 1'000'000;
    (index.tracks.push_back(std::move(tracks)), ...);
    return index;
}

}  // namespace movio::media::test
