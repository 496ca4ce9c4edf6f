#include "playback/endpoints/media_service.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "base/limits.hpp"
#include "base/metrics.hpp"
#include "http/static_files.hpp"
#include "playback/manifest_names.hpp"

namespace movio::playback {
namespace {

constexpr std::string_view kImmutable = "max-age=31536000, immutable";
constexpr std::string_view kManifestCaching = "max-age=5";
constexpr std::size_t kEtagLength = 32;
constexpr std::int64_t kWishAgainUs = std::chrono::microseconds(limits::kWishAgain).count();

http::Response not_found(const http::RequestContext& context) {
    return http::problem_response({ErrorCode::not_found, "There is no such media file", {}}, context.request_id);
}

http::Response not_yet(const http::RequestContext& context, const char* why) {
    auto response = http::problem_response({ErrorCode::unavailable, why, {}}, context.request_id);
    response.headers.set("Retry-After", "1");
    return response;
}

std::string_view media_type_of(std::string_view name) {
    if (name.ends_with(".m4s")) return "video/iso.segment";
    if (name.ends_with(".mp4")) return "video/mp4";
    if (name.ends_with(".vtt")) return "text/vtt; charset=utf-8";
    if (name.ends_with(".jpg")) return "image/jpeg";
    return http::content_type_of(name);
}

// What has a pass in its address is for one viewer, so caches that several share do not keep it.
std::string cache_control(const MediaAddress& address, std::string_view caching) {
    return fmt::format("{}, {}", address.access == kOpenAccess ? "public" : "private", caching);
}

// Plans and measurements lie beside the segments but are nobody's business outside.
bool is_public(const MediaAddress& address) { return !address.name.ends_with(".json"); }

// Whether the plan has that segment; init segments have number 0.
bool is_planned(const media::Plan& plan, const SegmentName& segment) {
    const bool known = plan.find_video(segment.rendition) != nullptr || plan.find_audio(segment.rendition) != nullptr;
    return known && segment.number <= plan.grid.segments();
}

Event wanted_event(const MediaAddress& address, const SegmentName& segment) {
    Event event;
    event.id = EventId::make();
    event.type = "segment.wanted";
    event.time_us = wall_now_us();
    event.video = address.video;
    event.revision = address.revision;
    JsonWriter data;
    data.begin_object().member("rendition", segment.rendition).member("n", segment.number).end_object();
    event.data = data.take();
    return event;
}

// A user wherever they are, else whoever shares an address.
std::string viewer_of(const http::RequestContext& context) {
    return context.caller ? context.caller->user.text() : context.remote_address;
}

const Counter& refused_wishes() {
    static const Counter refused = counter("movio_segment_wishes_refused_total",
                                           "Segments that are not made yet and were asked for beyond a bound.");
    return refused;
}

bool is_being_made(catalog::VideoStatus status) {
    return status == catalog::VideoStatus::processing || status == catalog::VideoStatus::playable;
}

}  // namespace

Awaitable<http::Response> MediaService::answer(const http::Request& request) {
    const auto& context = request.context;
    const auto address = parse_media_address(request.head.target);
    if (!address || !is_public(*address)) co_return not_found(context);
    const auto facts = co_await films_.find(address->video);
    if (!facts || !co_await guard_.allows(*address, facts->video)) co_return not_found(context);
    if (address->revision == facts->video.revision) {
        if (auto found = manifest(facts, *address)) co_return std::move(*found);
    }
    const auto segment = parse_segment_name(address->name);
    const bool planned =
        segment && facts->plan && address->revision == facts->video.revision && is_planned(*facts->plan, *segment);
    // A finished film has every planned segment, so the store need not be asked first.
    const bool certain = planned && facts->video.status == catalog::VideoStatus::ready;
    if (auto found = co_await stored_blob(*address, certain)) co_return std::move(*found);
    if (!planned || !is_being_made(facts->video.status)) co_return not_found(context);
    const auto taken = co_await http::take_rate(take_rate_, http::RateClass::segment, context);
    if (taken.wait > std::chrono::microseconds::zero()) {
        refused_wishes().add();
        co_return http::rate_refusal({}, http::RateClass::segment, taken, context);
    }
    const auto held = bounds_.hold(address->video, address->key, viewer_of(context));
    if (!held) {
        refused_wishes().add();
        co_return not_yet(context, "Too many segments are being made for others or for you; ask again in a moment");
    }
    if (auto found = co_await wanted_segment(*address, request.body)) co_return std::move(*found);
    co_return not_yet(context, "This segment is still being made; ask again in a moment");
}

std::optional<http::Response> MediaService::manifest(const Facts& facts, const MediaAddress& address) {
    if (!facts->plan) return std::nullopt;
    const auto found = find_manifest(films_, facts, address.name);
    if (!found) return std::nullopt;
    auto response = http::text_response(200, found->content_type, *found->text);
    response.headers.set("Cache-Control", cache_control(address, kManifestCaching));
    // A player that asks again each few seconds gets 304 until captions join or the film is done.
    response.headers.set("ETag", fmt::format("\"{}\"", sha256_hex(as_bytes(*found->text)).substr(0, kEtagLength)));
    return response;
}

Awaitable<std::optional<http::Response>> MediaService::stored_blob(const MediaAddress& address, bool certain) {
    const BlobKey key(address.key);
    if (!certain && !co_await blobs_.stat(key)) co_return std::nullopt;
    http::Response response;
    if (const auto file = blobs_.local_file(key)) {
        response = http::file_response(*file, media_type_of(address.name), etag_stem(address));
    } else {
        std::shared_ptr<BlobReader> reader = co_await blobs_.open(key);
        if (!reader) co_return std::nullopt;
        http::BlobBody body{reader->size(), etag_stem(address), {}};
        body.read = [reader](std::int64_t offset, std::size_t length) { return reader->read(offset, length); };
        response.headers.set("Content-Type", media_type_of(address.name));
        response.body = std::move(body);
    }
    response.headers.set("Cache-Control", cache_control(address, kImmutable));
    co_return response;
}

Awaitable<std::optional<http::Response>> MediaService::wanted_segment(const MediaAddress& address,
                                                                      http::BodyReader* client) {
    const auto segment = parse_segment_name(address.name);
    SegmentWaits::Place place(waits_, address.key, co_await asio::this_coro::executor);
    const std::int64_t deadline_us =
        steady_now_us() + std::chrono::duration_cast<std::chrono::microseconds>(limits::kSegmentWait).count();
    // A wish may be lost, so it is sent again as long as somebody waits.
    for (std::int64_t wish_at_us = 0; steady_now_us() < deadline_us;) {
        if (steady_now_us() >= wish_at_us && place.is_first()) {
            bus_.publish_transient(wanted_event(address, *segment));
            wish_at_us = steady_now_us() + kWishAgainUs;
        }
        co_await place.wait(limits::kSegmentPoll);
        if (auto found = co_await stored_blob(address, false)) co_return found;
        // What they asked for is repeated no more, and is not made unless it was begun or others want it.
        if (client != nullptr && client->client_left()) break;
    }
    co_return std::nullopt;
}

}  // namespace movio::playback
