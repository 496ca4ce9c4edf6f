#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "media/format/bandwidth.hpp"
#include "media/format/box_writer.hpp"
#include "media/format/manifest.hpp"
#include "media/format/timeline.hpp"

namespace movio::media {

namespace {

// EXT-X-MAP outside I-frame playlists needs 6 (RFC 8216 §7); fMP4 players expect 7.
constexpr std::string_view kHead = "#EXTM3U\n#EXT-X-VERSION:7\n";

// A quoted-string holds no quotation mark and no line break (RFC 8216 §4.2), and has no escapes.
std::string quoted(std::string_view text) {
    std::string value = "\"";
    for (const char c : text) {
        if (c == '"')
            value += '\'';
        else
            value += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return value + '"';
}

// NAME must differ within a group (§4.3.4.1.1).
std::string unlike(const std::string& label, const std::string& language, std::set<std::string>& used) {
    const auto base = label.empty() ? language : label;
    auto name = base;
    for (int number = 2; used.contains(name); ++number) name = fmt::format("{} {}", base, number);
    used.insert(name);
    return name;
}

std::string_view yes(bool flag) { return flag ? "YES" : "NO"; }

std::string media_line(std::string_view type, std::string_view group, const std::string& language,
                       const std::string& name, bool is_default) {
    return fmt::format("#EXT-X-MEDIA:TYPE={},GROUP-ID=\"{}\",LANGUAGE={},NAME={},DEFAULT={},AUTOSELECT=YES", type,
                       group, quoted(language), quoted(name), yes(is_default));
}

std::string sound_lines(const Plan& plan) {
    std::string lines;
    std::set<std::string> names;
    for (const auto& audio : plan.audio) {
        lines +=
            media_line("AUDIO", "audio", audio.language, unlike(audio.label, audio.language, names), audio.is_default);
        lines += fmt::format(",CHANNELS=\"{}\",URI=\"{}.m3u8\"\n", audio.channels, audio.name);
    }
    return lines;
}

std::string caption_lines(std::span<const CaptionTrack> captions) {
    std::string lines;
    std::set<std::string> names;
    bool has_default = false;
    for (const auto& track : captions) {
        // One default a group at most.
        const bool is_default = track.is_default && !has_default;
        has_default = has_default || is_default;
        lines +=
            media_line("SUBTITLES", "text", track.language, unlike(track.label, track.language, names), is_default);
        lines += fmt::format(",FORCED={}", yes(track.forced));
        if (track.hearing_impaired)
            lines +=
                ",CHARACTERISTICS=\"public.accessibility.transcribes-spoken-dialog,"
                "public.accessibility.describes-music-and-sound\"";
        lines += fmt::format(",URI={}\n", quoted(track.playlist()));
    }
    return lines;
}

// The heaviest combination with any of the sound tracks.
Bandwidth variant_bandwidth(const Plan& plan, const Measured* measured, const VideoRendition* rung) {
    Bandwidth largest;
    const auto add = [&](const Weight& weight) {
        const auto bandwidth = bandwidth_of(plan, weight);
        largest.peak = std::max(largest.peak, bandwidth.peak);
        largest.average = std::max(largest.average, bandwidth.average);
    };
    const auto picture = rung == nullptr ? Weight{} : weight_of(plan, *rung, measured);
    for (const auto& audio : plan.audio) {
        const auto sound = weight_of(plan, audio, measured);
        add(rung == nullptr ? sound : picture + sound);
    }
    if (plan.audio.empty()) add(picture);
    return largest;
}

std::string stream_line(const Bandwidth& bandwidth, const std::string& codecs) {
    return fmt::format("#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},CODECS=\"{}\"", bandwidth.peak,
                       bandwidth.average, codecs);
}

std::string frame_rate_text(Rational rate) {
    const auto thousandths = scale(rate.num, 1000, rate.den);
    return fmt::format("{}.{:03}", thousandths / 1000, thousandths % 1000);
}

std::string variants(const Plan& plan, const Measured* measured, bool sound_group, bool caption_group) {
    const auto groups = fmt::format("{}{},CLOSED-CAPTIONS=NONE", sound_group ? ",AUDIO=\"audio\"" : "",
                                    caption_group ? ",SUBTITLES=\"text\"" : "");
    std::string lines;
    for (const auto& rung : plan.video) {
        const auto codecs = plan.audio.empty() ? rung.codecs : rung.codecs + "," + plan.audio.front().codecs;
        lines += stream_line(variant_bandwidth(plan, measured, &rung), codecs);
        lines += fmt::format(",RESOLUTION={}x{},FRAME-RATE={}{}\n{}.m3u8\n", rung.width, rung.height,
                             frame_rate_text(plan.grid.frame_rate()), groups, rung.name);
    }
    if (plan.video.empty() && !plan.audio.empty()) {
        const auto& audio = plan.audio.front();
        lines += stream_line(variant_bandwidth(plan, measured, nullptr), audio.codecs);
        lines += fmt::format("{}\n{}.m3u8\n", groups, audio.name);
    }
    return lines;
}

std::string iframe_variants(const Plan& plan, const Measured* measured) {
    std::string lines;
    for (const auto& rung : plan.video) {
        const auto weight = picture_weight_of(plan, rung, measured);
        if (!weight) continue;
        const auto bandwidth = bandwidth_of(plan, *weight);
        lines += fmt::format(
            "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},CODECS=\"{}\",RESOLUTION={}x{},"
            "URI=\"{}{}.m3u8\"\n",
            bandwidth.peak, bandwidth.average, rung.codecs, rung.width, rung.height, rung.name, kIframesEnding);
    }
    return lines;
}

std::string playlist_head(const Plan& plan, const std::string& name, std::string_view kind) {
    return fmt::format(
        "{}#EXT-X-TARGETDURATION:{}\n#EXT-X-MEDIA-SEQUENCE:1\n#EXT-X-PLAYLIST-TYPE:VOD\n{}\n"
        "#EXT-X-MAP:URI=\"{}/init.mp4\"\n",
        kHead, target_duration_seconds(plan), kind, name);
}

std::string media_playlist(const Plan& plan, const std::string& name, const Timeline& timeline) {
    auto text = playlist_head(plan, name, "#EXT-X-INDEPENDENT-SEGMENTS");
    for (std::size_t k = 0; k < timeline.segments(); ++k)
        text += fmt::format("#EXTINF:{},\n{}/{}.m4s\n", decimal_seconds(timeline.content_us(k)), name, k + 1);
    return text + "#EXT-X-ENDLIST\n";
}

}  // namespace

std::string CaptionTrack::address() const { return fmt::format("../text/{}/{}.vtt", id, version); }

std::string CaptionTrack::playlist() const { return fmt::format("text-{}-{}.m3u8", id, version); }

std::string render_hls_main(const Plan& plan, const Measured* measured, std::span<const CaptionTrack> captions) {
    // A film of one sound track alone is that track's playlist.
    const bool sound_group = !plan.audio.empty() && (plan.has_video() || plan.audio.size() > 1);
    auto text = fmt::format("{}#EXT-X-INDEPENDENT-SEGMENTS\n", kHead);
    if (sound_group) text += sound_lines(plan);
    text += caption_lines(captions);
    text += variants(plan, measured, sound_group, !captions.empty());
    return text + iframe_variants(plan, measured);
}

std::string render_hls_media(const Plan& plan, std::string_view rendition) {
    if (const auto* video = plan.find_video(rendition))
        return media_playlist(plan, video->name, timeline_of(plan, *video));
    if (const auto* audio = plan.find_audio(rendition))
        return media_playlist(plan, audio->name, timeline_of(plan, *audio));
    return {};
}

std::string render_hls_iframes(const Plan& plan, const Measured* measured, std::string_view rendition) {
    const auto* rung = plan.find_video(rendition);
    if (rung == nullptr || !picture_weight_of(plan, *rung, measured)) return {};
    const auto& segments = measured->renditions.at(rung->name);
    const auto timeline = timeline_of(plan, *rung);
    auto text = playlist_head(plan, rung->name, "#EXT-X-I-FRAMES-ONLY");
    for (std::size_t k = 0; k < timeline.segments(); ++k)
        text += fmt::format("#EXTINF:{},\n#EXT-X-BYTERANGE:{}@{}\n{}/{}.m4s\n", decimal_seconds(timeline.content_us(k)),
                            segments[k].picture_bytes, kMoofOffset, rung->name, k + 1);
    return text + "#EXT-X-ENDLIST\n";
}

std::string render_hls_text(const Plan& plan, const CaptionTrack& track) {
    const auto duration_us = presentation_end_us(plan);
    const auto target = std::max<std::int64_t>(1, scale(duration_us, 1, 1'000'000, Rounding::up));
    return fmt::format(
        "{}#EXT-X-TARGETDURATION:{}\n#EXT-X-MEDIA-SEQUENCE:1\n#EXT-X-PLAYLIST-TYPE:VOD\n"
        "#EXTINF:{},\n{}\n#EXT-X-ENDLIST\n",
        kHead, target, decimal_seconds(duration_us), track.address());
}

}  // namespace movio::media
