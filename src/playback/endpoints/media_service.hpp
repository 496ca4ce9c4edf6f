#pragma once
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "http/rates.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "playback/film_cache.hpp"
#include "playback/media_guard.hpp"
#include "playback/segment_waits.hpp"
#include "playback/wish_bounds.hpp"
#include "ports/blob_store.hpp"
#include "ports/event_bus.hpp"

namespace movio::playback {

// Everything below /media/: manifests rendered from plan, measurements and caption rows; segments, images and captions
// from the store. A segment that is not made yet is asked for and waited for, as often as the budget of whoever asks
// allows. Whoever may not see the film gets what an unknown address gets. Thread-safe.
class MediaService {
public:
    MediaService(FilmCache& films, const MediaGuard& guard, BlobStore& blobs, EventBus& bus, SegmentWaits& waits,
                 WishBounds& bounds, http::TakeRate take_rate)
        : films_(films),
          guard_(guard),
          blobs_(blobs),
          bus_(bus),
          waits_(waits),
          bounds_(bounds),
          take_rate_(std::move(take_rate)) {}

    Awaitable<http::Response> answer(const http::Request& request);

private:
    using Facts = std::shared_ptr<const FilmFacts>;

    std::optional<http::Response> manifest(const Facts& facts, const MediaAddress& address);
    Awaitable<std::optional<http::Response>> stored_blob(const MediaAddress& address, bool certain);
    // Waits as long as it may and as somebody takes the answer; nullopt when the segment was not made meanwhile.
    Awaitable<std::optional<http::Response>> wanted_segment(const MediaAddress& address, http::BodyReader* client);

    FilmCache& films_;
    const MediaGuard& guard_;
    BlobStore& blobs_;
    EventBus& bus_;
    SegmentWaits& waits_;
    WishBounds& bounds_;
    http::TakeRate take_rate_;
};

}  // namespace movio::playback
