#include "ports/blob_keys.hpp"

#include <fmt/format.h>

namespace movio::blob_keys {

std::string source(VideoId video, int revision) { return fmt::format("source/{}/{}", video.text(), revision); }

std::string raw_cues(VideoId video, int revision, std::string_view stream) {
    return fmt::format("work/{}/{}/cues-{}.json", video.text(), revision, stream);
}

std::string figures_prefix(VideoId video, int revision, std::string_view kind) {
    return fmt::format("work/{}/{}/{}-", video.text(), revision, kind);
}

std::string figures(VideoId video, int revision, std::string_view kind, std::int64_t number) {
    return fmt::format("{}{}.json", figures_prefix(video, revision, kind), number);
}

std::string strip(VideoId video, int revision, std::int64_t first_frame) {
    return fmt::format("{}{}.jpg", figures_prefix(video, revision, "strip"), first_frame);
}

std::string image(VideoId video, int revision, std::string_view name) {
    return fmt::format("{}image/{}", revision_prefix(video, revision), name);
}

std::string revision_prefix(VideoId video, int revision) { return fmt::format("media/{}/{}/", video.text(), revision); }

std::string plan(VideoId video, int revision) { return revision_prefix(video, revision) + "plan.json"; }

std::string measured(VideoId video, int revision) { return revision_prefix(video, revision) + "measured.json"; }

std::string poster(VideoId video, int revision) {
    return fmt::format("{}{}", revision_prefix(video, revision), kPosterName);
}

std::string segment(VideoId video, int revision, std::string_view rendition, std::int64_t n) {
    const auto prefix = revision_prefix(video, revision);
    return n == 0 ? fmt::format("{}{}/init.mp4", prefix, rendition) : fmt::format("{}{}/{}.m4s", prefix, rendition, n);
}

std::array<std::string, 3> video_prefixes(VideoId video) {
    const auto id = video.text();
    return {fmt::format("source/{}/", id), fmt::format("media/{}/", id), fmt::format("work/{}/", id)};
}

std::string caption(VideoId video, TrackId track, int version) {
    return fmt::format("media/{}/text/{}/{}.vtt", video.text(), track.text(), version);
}

}  // namespace movio::blob_keys
