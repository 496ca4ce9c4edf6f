#pragma once
#include <functional>
#include <memory>
#include <string>

#include "http/request.hpp"
#include "http/response.hpp"
#include "playback/film_cache.hpp"
#include "playback/media_address.hpp"
#include "playback/segment_waits.hpp"
#include "ports/blob_store.hpp"
#include "ports/event_bus.hpp"

namespace movio::playback {

// Everything below /media/: manifests rendered from plan, measurements and caption rows; segments, images and captions
// from the store. A segment that is not made yet is asked for and waited for. Thread-safe.
class MediaService {
public:
    MediaService(FilmCache& films, BlobStore& blobs, EventBus& bus, SegmentWaits& waits)
        : films_(films), blobs_(blobs), bus_(bus), waits_(waits) {}

    Awaitable<http::Response> answer(const http::RequestHead& head, const http::RequestContext& context);

private:
    using Facts = std::shared_ptr<const FilmFacts>;

    std::optional<http::Response> manifest(const Facts& facts, const MediaAddress& address);
    Awaitable<std::optional<http::Response>> stored_blob(const MediaAddress& address, bool certain);
    Awaitable<std::optional<http::Response>> wanted_segment(const MediaAddress& address);

    FilmCache& films_;
    BlobStore& blobs_;
    EventBus& bus_;
    SegmentWaits& waits_;
};

}  // namespace movio::playback
