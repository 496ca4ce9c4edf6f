#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "catalog/media_links.hpp"
#include "playback/media_token.hpp"

namespace movio::playback {

// Rendered like manifests, in the film's revision.
inline constexpr std::string_view kStoryboardName = "image/storyboard.vtt";
inline constexpr std::string_view kChaptersName = "chapters.vtt";

// The public address of a blob is `/media/<access>/<video>/…`; its key is the same without `<access>`. This file alone
// makes and reads such addresses. `<access>` is `o` for films that everybody may see, else a pass (MediaTokens) that
// covers everything of the film. It is no part of keys, caches and logs.
inline constexpr std::string_view kOpenAccess = "o";
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
    // CDN). An address with a pass begins a film as long as `begins` says or somewhat longer. The tokens outlive this.
    MediaAddresses(std::string base_url, const MediaTokens& tokens, std::chrono::seconds begins)
        : base_url_(std::move(base_url)), tokens_(tokens), begins_(begins) {}
    std::optional<catalog::PlaybackLinks> playback(const catalog::Viewer& viewer,
                                                   const catalog::Video& video) const override;
    std::string caption(const catalog::Viewer& viewer, const catalog::Video& video,
                        const catalog::CaptionTrackRow& track) const override;

private:
    struct AccessPart {
        std::string part;
        std::optional<std::int64_t> expires_us;  // as PlaybackLinks has it
    };
    AccessPart access_for(const catalog::Viewer& viewer, const catalog::Video& video) const;
    std::string of_key(std::string_view access, std::string_view key) const;

    std::string base_url_;
    const MediaTokens& tokens_;
    std::chrono::seconds begins_;
};

}  // namespace movio::playback
