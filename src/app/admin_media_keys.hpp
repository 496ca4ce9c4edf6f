#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "access/key_ring.hpp"
#include "async/asio.hpp"
#include "audit/trail.hpp"
#include "base/result.hpp"
#include "http/router.hpp"

namespace movio::app {

struct AdminMediaKeyParts {
    std::function<Awaitable<Result<void>>()> rotate;
    const access::KeyRing* keys = nullptr;
    audit::Trail* trail = nullptr;
    std::filesystem::path blobs;           // where the store is
    std::function<std::string()> address;  // where this server is reached; empty when it does not listen
    bool nginx_can_check = false;          // by the setting of the MAC
};

// What `movio keys rotate-media` and `movio keys nginx` ask over the admin socket: POST /admin/media-keys/rotate, GET
// /admin/media-keys/nginx, which tells the secrets. Only the data folder's owner gets there.
void add_admin_media_key_endpoints(http::Router& router, AdminMediaKeyParts parts);

}  // namespace movio::app
