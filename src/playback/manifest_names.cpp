#include "playback/manifest_names.hpp"

#include "media/format/manifest.hpp"
#include "media/format/vtt_tracks.hpp"
#include "playback/media_address.hpp"

namespace movio::playback {
namespace {

constexpr std::string_view kDashType = "application/dash+xml";
constexpr std::string_view kHlsType = "application/vnd.apple.mpegurl";
constexpr std::string_view kVttType = "text/vtt; charset=utf-8";

// Empty for what is no name of ours.
std::string_view type_of(std::string_view name) {
    if (name == "main.mpd") return kDashType;
    if (name == kChaptersName || name == kStoryboardName) return kVttType;
    return name.ends_with(".m3u8") && name.find('/') == std::string_view::npos ? kHlsType : std::string_view();
}

std::vector<media::CaptionTrack> captions_of(const FilmFacts& facts) {
    std::vector<media::CaptionTrack> tracks;
    tracks.reserve(facts.captions.size());
    for (const auto& row : facts.captions) {
        tracks.push_back(
            {row.id.text(), row.language, row.label, row.version, row.is_default, row.forced, row.hearing_impaired});
    }
    return tracks;
}

// Empty when the film has no manifest of that name.
std::string render(const FilmFacts& facts, std::string_view name) {
    if (name == kChaptersName) return media::render_chapters_vtt(*facts.plan);
    if (name == kStoryboardName) {
        const bool made = facts.measured && facts.measured->storyboard;
        return made ? media::render_storyboard_vtt(*facts.plan, *facts.measured->storyboard) : std::string();
    }
    const auto captions = captions_of(facts);
    if (name == "main.mpd") return media::render_mpd(*facts.plan, facts.measured.get(), captions);
    if (name == "main.m3u8") return media::render_hls_main(*facts.plan, facts.measured.get(), captions);
    for (const auto& track : captions)
        if (track.playlist() == name) return media::render_hls_text(*facts.plan, track);
    const auto stem = name.substr(0, name.rfind('.'));
    if (stem.ends_with(media::kIframesEnding)) {
        const auto rendition = stem.substr(0, stem.size() - media::kIframesEnding.size());
        return media::render_hls_iframes(*facts.plan, facts.measured.get(), rendition);
    }
    return media::render_hls_media(*facts.plan, stem);
}

}  // namespace

std::optional<ManifestText> find_manifest(FilmCache& films, const std::shared_ptr<const FilmFacts>& facts,
                                          std::string_view name) {
    const auto type = type_of(name);
    if (type.empty()) return std::nullopt;
    auto text = films.rendered(facts, std::string(name), [&facts, name] { return render(*facts, name); });
    if (text->empty()) return std::nullopt;
    return ManifestText{std::string(type), std::move(text)};
}

}  // namespace movio::playback
