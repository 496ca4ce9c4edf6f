#include "playback/media_address.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "ports/blob_keys.hpp"
#include "ports/blob_store.hpp"

namespace movio::playback {
namespace {

constexpr std::string_view kPrefix = "/media/";
constexpr std::int64_t kMicrosecondsPerSecond = 1'000'000;

// Takes the part before the next '/' off `rest`; empty when there is none.
std::string_view take_part(std::string_view& rest) {
    const auto slash = rest.find('/');
    if (slash == std::string_view::npos) return {};
    const auto part = rest.substr(0, slash);
    rest.remove_prefix(slash + 1);
    return part;
}

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
    Number value{};
    if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 1) return std::nullopt;
    return value;
}

bool has_started_playing(catalog::VideoStatus status) {
    return status == catalog::VideoStatus::playable || status == catalog::VideoStatus::ready;
}

}  // namespace

std::optional<MediaAddress> parse_media_address(std::string_view path) {
    if (!path.starts_with(kPrefix)) return std::nullopt;
    std::string_view rest = path.substr(kPrefix.size());
    MediaAddress address;
    address.access = take_part(rest);
    if (address.access.empty()) return std::nullopt;
    const auto key = BlobKey::parse(fmt::format("media/{}", rest));
    if (!key) return std::nullopt;
    address.key = key->text();
    const auto video_text = take_part(rest);
    const auto video = VideoId::parse(video_text);
    // Keys are in lower case; another spelling of the id must not become another cache entry.
    if (!video || video->text() != video_text) return std::nullopt;
    address.video = *video;
    if (rest.starts_with("text/")) {
        address.name = rest;
        return address;
    }
    const auto revision = whole_number<int>(take_part(rest));
    if (!revision || rest.empty()) return std::nullopt;
    address.revision = *revision;
    address.name = rest;
    return address;
}

std::optional<SegmentName> parse_segment_name(std::string_view name) {
    const auto slash = name.find('/');
    if (slash == std::string_view::npos || slash == 0) return std::nullopt;
    SegmentName segment;
    segment.rendition = name.substr(0, slash);
    std::string_view file = name.substr(slash + 1);
    if (file == "init.mp4") return segment;
    if (!file.ends_with(".m4s")) return std::nullopt;
    const auto number = whole_number<std::int64_t>(file.substr(0, file.size() - 4));
    if (!number) return std::nullopt;
    segment.number = *number;
    return segment;
}

std::string etag_stem(const MediaAddress& address) {
    if (const auto segment = parse_segment_name(address.name))
        return fmt::format("{}-{}-{}", address.revision, segment->rendition, segment->number);
    std::string stem = fmt::format("{}-{}", address.revision, address.name);
    std::ranges::replace(stem, '/', '-');
    return stem;
}

std::optional<catalog::PlaybackLinks> MediaAddresses::playback(const catalog::Viewer& viewer,
                                                               const catalog::Video& video) const {
    if (!has_started_playing(video.status)) return std::nullopt;
    const auto [access, expires_us] = access_for(viewer, video);
    const auto prefix = blob_keys::revision_prefix(video.id, video.revision);
    catalog::PlaybackLinks links;
    links.dash_url = of_key(access, prefix + "main.mpd");
    links.hls_url = of_key(access, prefix + "main.m3u8");
    if (!video.poster_key.empty()) links.poster_url = of_key(access, video.poster_key);
    if (video.storyboard) links.storyboard_url = of_key(access, prefix + std::string(kStoryboardName));
    if (!video.preview_key.empty()) links.preview_url = of_key(access, video.preview_key);
    if (video.chapters_json != "[]") links.chapters_url = of_key(access, prefix + std::string(kChaptersName));
    links.expires_us = expires_us;
    return links;
}

std::string MediaAddresses::caption(const catalog::Viewer& viewer, const catalog::Video& video,
                                    const catalog::CaptionTrackRow& track) const {
    return of_key(access_for(viewer, video).part, blob_keys::caption(video.id, track.id, track.version));
}

MediaAddresses::AccessPart MediaAddresses::access_for(const catalog::Viewer& viewer,
                                                      const catalog::Video& video) const {
    if (catalog::is_open(video)) return {std::string(kOpenAccess), std::nullopt};
    MediaPass pass{{}, expiry_s(wall_now_us() / kMicrosecondsPerSecond, begins_, video)};
    if (viewer.link) {
        pass.viewer = viewer.link->id.uuid();
        // It begins nothing once the link has run out.
        const auto link_end_s = viewer.link->expires_us / kMicrosecondsPerSecond;
        pass.expires_s = std::min(pass.expires_s, expiry_beginning_until(link_end_s, video));
    } else {
        // Whoever has the data folder is nobody in particular and looks with the owner's eyes.
        const auto who = viewer.user ? viewer.user : UserId::parse(video.owner_id);
        pass.viewer = who.value_or(UserId()).uuid();
    }
    return {tokens_.write(video.id, pass), begins_until_s(pass, video) * kMicrosecondsPerSecond};
}

std::string MediaAddresses::of_key(std::string_view access, std::string_view key) const {
    // "media/…" -> "/media/<access>/…"
    return fmt::format("{}{}{}/{}", base_url_, kPrefix, access, key.substr(kPrefix.size() - 1));
}

}  // namespace movio::playback
