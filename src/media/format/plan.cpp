#include "media/format/plan.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "media/format/language.hpp"
#include "media/format/passthrough.hpp"
#include "media/format/rungs.hpp"
#include "media/format/sound.hpp"
#include "media/format/source_rate.hpp"

namespace movio::media {

namespace {

constexpr std::int64_t kSilenceRateTicks = 25;
// Container clocks tick in milliseconds: an overhang of sound this short is rounding.
constexpr std::int64_t kRoundingUs = 1000;

template <class Rendition>
void mark_default(std::vector<Rendition>& renditions, bool first_when_none) {
    const auto flagged = std::ranges::find_if(renditions, &Rendition::is_default);
    const bool any = flagged != renditions.end();
    const auto chosen = any ? flagged - renditions.begin() : 0;
    for (auto& rendition : renditions) rendition.is_default = false;
    if (renditions.empty() || (!any && !first_when_none)) return;
    renditions[static_cast<std::size_t>(chosen)].is_default = true;
}

// Names in one menu differ: "Deutsch", "Deutsch (Kommentar)", "Deutsch 3".
std::string own_label(const Track& track, std::string_view fallback, std::string_view flag,
                      std::set<std::string>& used) {
    auto label = language_own_name(normalise_language(track.language));
    if (label.empty()) label = track.title.empty() ? std::string(fallback) : track.title;
    if (!flag.empty()) label += fmt::format(" ({})", flag);
    if (used.contains(label) && !track.title.empty() && track.title != label)
        label += fmt::format(" ({})", track.title);
    const auto base = label;
    for (int number = 2; used.contains(label); ++number) label = fmt::format("{} {}", base, number);
    used.insert(label);
    return label;
}

const Track* find_picture(const Index& index, std::vector<std::string>& warnings) {
    const Track* chosen = nullptr;
    for (const auto& track : index.tracks) {
        const bool usable = track.kind == TrackKind::video && track.video && track.video->frames > 0;
        if (!usable) continue;
        if (chosen == nullptr || (track.is_default && !chosen->is_default)) chosen = &track;
    }
    for (const auto& track : index.tracks)
        if (track.kind == TrackKind::video && &track != chosen)
            warnings.push_back(fmt::format("Stream {}: a second picture track is left out.", track.stream));
    return chosen;
}

// Frames of the grid that the picture fills: its last frame ends where its last packet does.
std::int64_t picture_frames(const Track& track, Rational rate) {
    const auto ticks = std::max<std::int64_t>(0, track.end_pts - track.first_pts);
    const auto frames = scale(ticks, track.time_base.num * rate.num, track.time_base.den * rate.den);
    return std::max<std::int64_t>(1, frames);
}

std::int64_t sound_frames(const Track& track, const Index& index, Rational rate) {
    const auto end_us = scale(track.end_pts, track.time_base.num * 1'000'000, track.time_base.den) - index.time_zero_us;
    const auto lasting_us = end_us - kRoundingUs;
    return lasting_us <= 0 ? 0 : scale(lasting_us, rate.num, 1'000'000 * rate.den, Rounding::up);
}

bool has_sound(const Track& track) {
    return track.kind == TrackKind::audio && track.audio && track.packets > 0 && track.audio->channels > 0 &&
           track.audio->sample_rate > 0 && track.end_pts > track.first_pts;
}

MediaResult<Grid> make_grid(const Index& index, const Track* picture) {
    const auto rate = picture != nullptr ? picture->video->frame_rate : Rational{kSilenceRateTicks, 1};
    if (!rate.positive())
        return bad_media(MediaStage::plan, ErrorCode::damaged, "The film's frame rate cannot be told.");
    const std::int64_t shown = picture != nullptr ? picture_frames(*picture, rate) : 0;
    std::int64_t heard = 0;
    for (const auto& track : index.tracks)
        if (has_sound(track)) heard = std::max(heard, sound_frames(track, index, rate));
    // Sound that outlasts the picture by less than a frame is the padding of its last packet.
    const auto frames = shown > 0 && heard == shown + 1 ? shown : std::max(shown, heard);
    if (frames == 0)
        return bad_media(MediaStage::plan, ErrorCode::damaged, "The film has no length: nothing in it lasts.");
    if (static_cast<Wide>(frames) * rate.den > static_cast<Wide>(limits::kDurationSecondsMax) * rate.num)
        return bad_media(
            MediaStage::plan, ErrorCode::too_long,
            fmt::format("The film is longer than {} hours. Cut it into parts.", limits::kDurationSecondsMax / 3600));
    return Grid::every(rate, frames);
}

MediaResult<void> plan_picture(Plan& plan, const Track& picture, const PlanSettings& settings) {
    const auto size = display_size(*picture.video);
    if (static_cast<std::int64_t>(size.width) * size.height > limits::kPixelsMax)
        return bad_media(MediaStage::plan, ErrorCode::too_large,
                         fmt::format("The picture of {} x {} is larger than this server takes. Scale it down.",
                                     size.width, size.height));
    auto passed = plan_passthrough(picture, plan.grid, settings);
    if (passed)
        plan.grid = std::move(passed->grid);
    else
        plan.passthrough_obstacle = std::move(passed.error());
    auto ladder = plan_rungs(size, source_rate(picture), plan.grid, settings, passed ? &passed->rendition : nullptr);
    if (ladder.rungs.empty())
        return bad_media(
            MediaStage::plan, ErrorCode::too_large,
            fmt::format("The picture of {} x {} fits no H.264 level. Change its shape.", size.width, size.height));
    plan.video_stream = picture.stream;
    plan.video = std::move(ladder.rungs);
    plan.rejected = std::move(ladder.rejected);
    return {};
}

void plan_audio(Plan& plan, const PlanSettings& settings) {
    std::set<std::string> used;
    for (const auto& track : plan.index.tracks) {
        if (track.kind != TrackKind::audio) continue;
        auto rendition = has_sound(track) ? plan_sound(track, plan.index, plan.grid, settings) : std::nullopt;
        if (!rendition) {
            plan.warnings.push_back(fmt::format("Stream {}: a sound track without sound is left out.", track.stream));
            continue;
        }
        if (plan.audio.size() == limits::kAudioTracksMax) {
            plan.warnings.push_back(
                fmt::format("Stream {}: only {} sound tracks are kept.", track.stream, limits::kAudioTracksMax));
            continue;
        }
        rendition->stream = track.stream;
        rendition->language = normalise_language(track.language);
        rendition->label = own_label(track, "Audio", track.commentary ? "commentary" : "", used);
        rendition->is_default = track.is_default;
        rendition->name = fmt::format("a-{}-{}-{}", track.stream, rendition->language, rendition->channels);
        plan.audio.push_back(std::move(*rendition));
    }
    mark_default(plan.audio, true);
    const auto first = std::ranges::find_if(plan.audio, &AudioRendition::is_default);
    if (first != plan.audio.end()) std::rotate(plan.audio.begin(), first, first + 1);
}

void plan_text(Plan& plan) {
    std::set<std::string> used;
    for (const auto& track : plan.index.tracks) {
        if (track.kind != TrackKind::text) continue;
        const bool bitmap = track.text && track.text->bitmap;
        if (bitmap || plan.text.size() == limits::kTextTracksMax) {
            const auto reason = bitmap ? std::string("subtitles that are pictures, not text, are left out")
                                       : fmt::format("only {} subtitle tracks are kept", limits::kTextTracksMax);
            plan.warnings.push_back(fmt::format("Stream {}: {}.", track.stream, reason));
            continue;
        }
        TextRendition text;
        text.stream = track.stream;
        text.language = normalise_language(track.language);
        text.label = own_label(track, "Captions", track.hearing_impaired ? "SDH" : track.forced ? "forced" : "", used);
        text.codec = track.codec;
        text.is_default = track.is_default;
        text.forced = track.forced;
        text.hearing_impaired = track.hearing_impaired;
        plan.text.push_back(std::move(text));
    }
    mark_default(plan.text, false);
}

// About a tenth of the way in, past the first second where titles and black are.
std::int64_t choose_poster_frame(const Grid& grid) {
    const auto total = grid.frames_total();
    const auto second = scale(1, grid.timescale(), grid.frame_ticks());
    const auto tenth = total / 10;
    return total > second ? std::max(tenth, second) : tenth;
}

}  // namespace

const VideoRendition* Plan::find_video(std::string_view name) const {
    const auto found = std::ranges::find(video, name, &VideoRendition::name);
    return found == video.end() ? nullptr : &*found;
}

const AudioRendition* Plan::find_audio(std::string_view name) const {
    const auto found = std::ranges::find(audio, name, &AudioRendition::name);
    return found == audio.end() ? nullptr : &*found;
}

const Track* Plan::find_picture() const {
    const auto found = std::ranges::find_if(
        index.tracks, [&](const Track& track) { return video_stream == track.stream && track.video.has_value(); });
    return found == index.tracks.end() ? nullptr : &*found;
}

PictureSize display_size(const VideoInfo& video) {
    const auto aspect = video.sample_aspect.positive() ? video.sample_aspect : Rational{1, 1};
    auto across = scale(video.width, aspect.num, aspect.den);
    std::int64_t down = video.height;
    if (video.rotation == 90 || video.rotation == 270) std::swap(across, down);
    const auto even = [](std::int64_t side) {
        return static_cast<int>(std::clamp<std::int64_t>(side - side % 2, 2, INT32_MAX - 1));
    };
    return {even(across), even(down)};
}

MediaResult<Plan> make_plan(const Index& index, const PlanSettings& settings) {
    Plan plan;
    plan.index = index;
    plan.warnings = index.warnings;
    const auto* picture = find_picture(index, plan.warnings);
    const bool sound = std::ranges::any_of(index.tracks, has_sound);
    if (picture == nullptr && !sound)
        return bad_media(MediaStage::plan, ErrorCode::not_media, "The file holds neither picture nor sound.");
    auto grid = make_grid(index, picture);
    if (!grid) return std::unexpected(grid.error());
    plan.grid = std::move(*grid);
    if (picture != nullptr) {
        const auto planned = plan_picture(plan, *picture, settings);
        if (!planned) return std::unexpected(planned.error());
    }
    plan_audio(plan, settings);
    plan_text(plan);
    plan.poster_frame = choose_poster_frame(plan.grid);
    return plan;
}

}  // namespace movio::media
