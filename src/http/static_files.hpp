#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/embedded.hpp"
#include "http/endpoint.hpp"

namespace movio::http {

// By the file's ending; application/octet-stream for what is unknown.
std::string_view content_type_of(std::string_view path);

// The content security policy of a page of the web app, which loads everything from its own origin and media from
// `media_origin` as well, where that is given. `ancestors`: the origins whose pages may show it in a frame.
std::string page_policy(const std::string& media_origin, std::string_view ancestors = "'none'");

struct StaticOptions {
    std::string path = "/{path...}";
    // Served with 200 for a path outside /api/ that names no file and has no dot in its last part: pages of the web
    // app.
    std::string fallback = "index.html";
    // `connect-src`, `img-src` and `media-src` beside our own origin: the address of a content delivery network.
    std::string media_origin = {};
};

// Embedded files: strong ETag, gzip made once, `immutable` for /assets/ (their names are hashes), security headers.
std::unique_ptr<Endpoint> static_files(std::span<const embedded::File> files, StaticOptions options = {});

}  // namespace movio::http
