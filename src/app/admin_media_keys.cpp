#include "app/admin_media_keys.hpp"

#include <memory>

#include "app/admin_endpoint.hpp"
#include "playback/nginx_rules.hpp"

namespace movio::app {
namespace {

using Parts = std::shared_ptr<const AdminMediaKeyParts>;

struct Rotate {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        if (auto done = co_await parts->rotate(); !done)
            co_return http::problem_response(done.error(), request.context.request_id);
        co_await parts->trail->record({.by = {}, .action = "media_keys.rotated"});
        const auto keys = parts->keys->keys();
        JsonWriter json;
        json.begin_object()
            .member("key", keys->front().id)
            .member("older", static_cast<std::int64_t>(keys->size() - 1))
            .end_object();
        co_return http::json_response(json.take());
    }
};

struct NginxRules {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        if (!parts->nginx_can_check)
            co_return http::problem_response({ErrorCode::conflict,
                                              "nginx cannot check addresses that are signed by hmac-sha256; set "
                                              "playback.address_mac to secure-link-md5 and restart",
                                              {}},
                                             request.context.request_id);
        co_await parts->trail->record({.by = {}, .action = "media_keys.told"});
        const auto address = parts->address();
        JsonWriter json;
        json.begin_object()
            .member("rules", playback::nginx_rules(*parts->keys->keys(), parts->blobs,
                                                   address.empty() ? "http://127.0.0.1:8000" : address))
            .end_object();
        co_return http::json_response(json.take());
    }
};

}  // namespace

void add_admin_media_key_endpoints(http::Router& router, AdminMediaKeyParts given) {
    const auto parts = std::make_shared<const AdminMediaKeyParts>(std::move(given));
    router.add(http::make_raw_endpoint(
        admin_endpoint(http::Method::post, "/admin/media-keys/rotate", "A new key signs media addresses."),
        Rotate{parts}));
    router.add(http::make_raw_endpoint(
        admin_endpoint(http::Method::get, "/admin/media-keys/nginx", "Rules by which nginx checks media addresses."),
        NginxRules{parts}));
}

}  // namespace movio::app
