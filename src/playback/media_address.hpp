#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "catalog/media_links.hpp"

namespace movio::playback {

// Rendered like manifests, in the film's revision.
inline constexpr std::string_view kStoryboardName = "image/storyboard.vtt";
inline constexpr std::string_view kChaptersName = "chapters.vtt";

// The public address of a blob is `/media/<access>/<video>/…`; its key is the same without `<access>`. This file alone
// makes and reads such addresses. `<access>` is `o` for films that need no permission.
struct MediaAddress {
    std::string access;
    VideoId video;
    std::string key;   // "media/<video>/…", ready for the store
    int revision = 0;  // 0 for captions, which belong to no revision
    std::string name;  // what follows the revision: "main.mpd", "v-h264-720/3.m4s"; for captions "text/…"
};

// `path` begins with "/media/". nullopt for anything that is no address of ours (traversal, odd characters included).
std::optional<MediaAddress> parse_media_address(std::string_view path);

// A segment's place in its revision: "v-h264-720/3.m4s" or ".../init.mp4" (number 0).
struct SegmentName {
    std::string rendition;
    std::int64_t number = 0;
};
std::optional<SegmentName> parse_segment_name(std::string_view name);

// What the strong ETag says before the number of bytes, the same on every node without a look-up: "2-v-h264-720-7".
std::string etag_stem(const MediaAddress& address);

class MediaAddresses : public catalog::MediaLinks {
public:
    // `base_url` goes before every address, empty for path-absolute ones ("https://cdn.example.org" where there is a
    // CDN).
    explicit MediaAddresses(std::string base_url) : base_url_(std::move(base_url)) {}
    std::optional<catalog::PlaybackLinks> playback(const catalog::Video& video) const override;
    std::string caption(const catalog::Video& video, const catalog::CaptionTrackRow& track) const override;

private:
    std::string of_key(std::string_view key) const;
    std::string base_url_;
};

}  // namespace movio::playback
