#include "playback/manifest_names.hpp"

#include "media/format/manifest.hpp"

namespace movio::playback {
namespace {

constexpr std::string_view kDashType = "application/dash+xml";
constexpr std::string_view kHlsType = "application/vnd.apple.mpegurl";

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
    const bool dash = name == "main.mpd";
    if (!dash && (!name.ends_with(".m3u8") || name.find('/') != std::string_view::npos)) return std::nullopt;
    auto text = films.rendered(facts, std::string(name), [&facts, name] { return render(*facts, name); });
    if (text->empty()) return std::nullopt;
    return ManifestText{std::string(dash ? kDashType : kHlsType), std::move(text)};
}

}  // namespace movio::playback
