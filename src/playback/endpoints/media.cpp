#include "playback/endpoints/media.hpp"

#include "http/endpoint.hpp"

namespace movio::playback {
namespace {

struct Media {
    MediaService* service;
    Awaitable<http::Response> operator()(http::Request& request) const { co_return co_await service->answer(request); }
};

}  // namespace

void add_media_endpoints(http::Router& router, MediaService& media) {
    http::EndpointDescription description;
    description.path = "/media/{path...}";
    description.summary = "Manifests, segments, images and captions, by the addresses that the API gives.";
    description.tag = "media";
    description.rate = http::RateClass::media;
    description.hidden_in_log = "path";
    description.cross_origin = http::CrossOrigin::media;
    description.answers = {{200, "The file.", ""}, {206, "A range of it.", ""}};
    description.errors = {ErrorCode::not_found, ErrorCode::rate_limited, ErrorCode::unavailable};
    router.add(http::make_raw_endpoint(std::move(description), Media{&media}));
}

}  // namespace movio::playback
