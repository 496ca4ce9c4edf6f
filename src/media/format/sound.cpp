#include "media/format/sound.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "base/limits.hpp"

namespace movio::media {

namespace {

constexpr std::array kAacRates{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350};
constexpr std::int64_t kMissingAtEndMs = 100;  // less is not noticed; more is filled with silence by encoding

std::int64_t samples_from_zero(const Track& track, const Index& index, std::int64_t pts) {
    const std::int64_t rate = track.audio->sample_rate;
    return scale(pts, track.time_base.num * rate, track.time_base.den) - scale(index.time_zero_us, rate, 1'000'000);
}

std::int64_t film_samples(const Grid& grid, std::int64_t rate) {
    return scale(grid.frames_total(), grid.frame_ticks() * rate, grid.timescale(), Rounding::up);
}

// The frame that begins nearest to the beginning of segment k.
std::int64_t boundary(const Grid& grid, std::int64_t rate, std::int64_t media_time, std::int64_t k) {
    if (k == 0) return 0;
    const auto samples_scaled = grid.segment(k).first_frame * grid.frame_ticks() * rate + media_time * grid.timescale();
    return scale(samples_scaled, 1, grid.timescale() * kAacFrameSamples);
}

std::int64_t packet_kept(std::int64_t first_sample) {
    if (first_sample >= 0) return 0;
    return std::max<std::int64_t>(0, -first_sample / kAacFrameSamples - 1);
}

bool plain_aac_lc(const AudioInfo& audio) {
    const bool stereo_or_mono = audio.channels == 1 || audio.channels == 2;
    const bool usual_rate = audio.sample_rate == 44100 || audio.sample_rate == 48000;
    if (!audio.aac_lc || !stereo_or_mono || !usual_rate) return false;
    // The source's own configuration may say more (SBR, 960 samples a frame): only the plain one is passed through.
    const auto plain = aac_lc_config(audio.sample_rate, audio.channels);
    return audio.codec_config.starts_with(plain);
}

std::optional<AudioRendition> passed_through(const Track& track, const Index& index, const Grid& grid) {
    const auto& audio = *track.audio;
    if (track.codec != "aac" || !plain_aac_lc(audio)) return std::nullopt;
    const std::int64_t rate = audio.sample_rate;
    const auto half_frame = kAacFrameSamples / 2;
    const auto gap = scale(audio.gap_max, track.time_base.num * rate, track.time_base.den);
    if (gap > half_frame || audio.frame_ticks_irregular > 0) return std::nullopt;
    const auto first = samples_from_zero(track, index, track.first_pts);
    const auto end = samples_from_zero(track, index, track.end_pts);
    // Small gaps may add up to sound that is late; a last packet whose end is cut off is usual.
    const auto missing = track.packets * kAacFrameSamples - (end - first);
    const bool steady = missing >= -half_frame && missing < kAacFrameSamples;
    const auto wanted = film_samples(grid, rate);
    const bool whole = first <= half_frame && end >= wanted - rate * kMissingAtEndMs / 1000;
    if (!steady || !whole) return std::nullopt;

    AudioRendition rendition;
    rendition.passthrough = true;
    rendition.sample_rate = audio.sample_rate;
    rendition.channels = audio.channels;
    rendition.kbps = std::max(1, (audio.bit_rate + 999) / 1000);
    const auto kept = packet_kept(first);
    rendition.media_time = std::max<std::int64_t>(0, -(first + kept * kAacFrameSamples));
    const auto needed = scale(rendition.media_time + wanted, 1, kAacFrameSamples, Rounding::up);
    rendition.frames_total = std::min(needed, track.packets - kept);
    rendition.codec_config = aac_lc_config(audio.sample_rate, audio.channels);
    const auto last_first = boundary(grid, rate, rendition.media_time, grid.segments() - 1);
    if (rendition.frames_total <= last_first) return std::nullopt;
    return rendition;
}

AudioRendition encoded(const AudioInfo& audio, const Grid& grid, const PlanSettings& settings) {
    AudioRendition rendition;
    rendition.sample_rate = audio.sample_rate == 44100 ? 44100 : 48000;
    rendition.channels = audio.channels == 1 ? 1 : 2;
    rendition.kbps = rendition.channels == 1 ? settings.audio_kbps_mono : settings.audio_kbps_stereo;
    rendition.media_time = kAacFrameSamples;
    const auto wanted = film_samples(grid, rendition.sample_rate);
    const auto needed = 1 + scale(wanted, 1, kAacFrameSamples, Rounding::up);
    // A last segment of one short frame of picture still holds a frame of sound.
    const auto last_first = boundary(grid, rendition.sample_rate, rendition.media_time, grid.segments() - 1);
    rendition.frames_total = std::max(needed, last_first + 1);
    rendition.codec_config = aac_lc_config(rendition.sample_rate, rendition.channels);
    return rendition;
}

}  // namespace

std::optional<AudioRendition> plan_sound(const Track& track, const Index& index, const Grid& grid,
                                         const PlanSettings& settings) {
    const bool audible = track.audio && track.packets > 0 && track.audio->sample_rate > 0 &&
                         track.audio->channels > 0 && track.end_pts > track.first_pts;
    if (!audible) return std::nullopt;
    auto rendition = passed_through(track, index, grid);
    return rendition ? *rendition : encoded(*track.audio, grid, settings);
}

std::int64_t first_packet_kept(const Index& index, const AudioRendition& rendition) {
    for (const auto& track : index.tracks)
        if (track.stream == rendition.stream && track.audio)
            return packet_kept(samples_from_zero(track, index, track.first_pts));
    return 0;
}

std::int64_t content_sample(const AudioRendition& rendition, std::int64_t frame) {
    return frame * kAacFrameSamples - rendition.media_time;
}

std::string aac_lc_config(int sample_rate, int channels) {
    const auto found = std::ranges::find(kAacRates, sample_rate);
    if (found == kAacRates.end() || channels < 1 || channels > 7) return {};
    const auto rate_index = static_cast<unsigned>(found - kAacRates.begin());
    constexpr unsigned kObjectTypeLc = 2;
    return fmt::format("{:04x}", kObjectTypeLc << 11 | rate_index << 7 | static_cast<unsigned>(channels) << 3);
}

FrameRange audio_segment(const Plan& plan, const AudioRendition& rendition, std::int64_t k) {
    const auto at = [&](std::int64_t segment) {
        if (segment >= plan.grid.segments()) return rendition.frames_total;
        return std::min(rendition.frames_total,
                        boundary(plan.grid, rendition.sample_rate, rendition.media_time, segment));
    };
    return {at(k), at(k + 1)};
}

}  // namespace movio::media
