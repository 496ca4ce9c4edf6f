#pragma once
#include <string>
#include <vector>

#include "media/format/manifest.hpp"
#include "support/media_films.hpp"

namespace movio::media::test {

// A minute of 720p with stereo and the five languages of the demo film.
inline Plan ordinary_film() {
    return make_plan(index_of(picture_track(1280, 720, {24000, 1001}, 1439), sound_track(1, "eng", 60'000)), {})
        .value();
}

inline Plan portrait_film() {
    auto picture = picture_track(1920, 1080, {30, 1}, 301);
    picture.video->rotation = 90;
    return make_plan(index_of(picture, aac_track(1, "deu", 472)), {}).value();
}

inline Plan sound_film() {
    auto german = sound_track(1, "ger", 25'000, 1);
    german.is_default = true;
    german.title = "Hörfassung \"eins\"";
    auto commentary = sound_track(2, "eng", 25'000, 2);
    commentary.commentary = true;
    return make_plan(index_of(sound_track(0, "eng", 25'000), german, commentary), {}).value();
}

inline Plan silent_film() { return make_plan(index_of(picture_track(800, 332, {25, 1}, 101)), {}).value(); }

// Groups of several lengths, and sound that goes on behind the last picture.
inline Plan passed_film() {
    auto picture = passed_track(1920, 1080, {30000, 1001}, 899, 900, 0);
    picture.video->passthrough->idr_frames = {0, 15, 30, 160, 170, 300, 420, 430, 440, 560, 725, 860};
    for (const auto frame : picture.video->passthrough->idr_frames)
        picture.video->passthrough->idr_bytes.push_back(200'000 + 1000 * frame);
    picture.video->passthrough->idr_bytes.erase(picture.video->passthrough->idr_bytes.begin());
    return make_plan(index_of(picture, sound_track(1, "eng", 30'200)), {}).value();
}

inline std::vector<CaptionTrack> five_captions() {
    std::vector<CaptionTrack> tracks;
    int number = 1;
    const std::pair<const char*, const char*> languages[]{
        {"en", "English"}, {"bn", "বাংলা"}, {"hi", "हिन्दी"}, {"fr", "français"}, {"es", "español"}};
    for (const auto& [language, label] : languages) {
        CaptionTrack track;
        track.id = "01936000-0000-7000-8000-00000000000" + std::to_string(number);
        track.language = language;
        track.label = label;
        track.version = number++;
        tracks.push_back(track);
    }
    tracks[0].hearing_impaired = true;
    tracks[3].forced = true;
    tracks[4].is_default = true;
    return tracks;
}

// Segment sizes as an encoder might make them: larger and smaller in turn, below the cap.
inline Measured measured_of(const Plan& plan) {
    Measured measured;
    const auto segments = plan.grid.segments();
    for (const auto& video : plan.video)
        for (std::int64_t k = 0; k < segments; ++k) {
            const auto frames = plan.grid.segment(k).frames;
            const auto bytes = scale(frames * plan.grid.frame_ticks(), video.cap_kbps * (k % 3 == 0 ? 112LL : 50LL),
                                     plan.grid.timescale());
            measured.renditions[video.name].push_back(
                {bytes, frames * plan.grid.frame_ticks(), 0, bytes / (5 + k % 4)});
        }
    for (const auto& audio : plan.audio)
        for (std::int64_t k = 0; k < segments; ++k) {
            const auto range = audio_segment(plan, audio, k);
            const auto frames = range.end - range.first;
            measured.renditions[audio.name].push_back({frames * (340 + k % 5), frames * 1024, 0});
        }
    measured.storyboard = storyboard_of(plan);
    if (measured.storyboard) measured.storyboard_bytes = measured.storyboard->tiles * 3000;
    return measured;
}

}  // namespace movio::media::test
