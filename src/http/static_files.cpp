#include "http/static_files.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "http/compression.hpp"

namespace movio::http {
namespace {

// Done once per file and start, so size counts more than time.
constexpr int kGzipLevel = 7;

struct StaticFile {
    std::string_view content;
    std::string_view content_type;
    std::string etag;
    std::once_flag compress_once;
    std::string gzip;

    const std::string& compressed() {
        std::call_once(compress_once, [this] {
            if (content.size() < kGzipBytesMin || !is_compressible(content_type)) return;
            gzip = http::gzip(content, kGzipLevel);
            if (gzip.size() >= content.size()) gzip.clear();
        });
        return gzip;
    }
};

bool is_page(std::string_view path) {
    // What no endpoint of the API knows is an error there, not a page.
    if (path == "api" || path.starts_with("api/")) return false;
    const auto slash = path.rfind('/');
    return !path.substr(slash == std::string_view::npos ? 0 : slash).contains('.');
}

// A page under examples/ is one file with its script inside, to be saved and used anywhere: it plays from any origin.
constexpr std::string_view kOneFilePolicy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src * data: blob:; "
    "media-src * blob:; connect-src *; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

class StaticEndpoint final : public Endpoint {
public:
    StaticEndpoint(EndpointDescription description, std::span<const embedded::File> files, const StaticOptions& options)
        : Endpoint(std::move(description)), fallback_(options.fallback), policy_(page_policy(options.media_origin)) {
        for (const auto& file : files) {
            auto& made = files_[std::string(file.path)];
            made.content = file.content;
            made.content_type = content_type_of(file.path);
            made.etag = "\"" + sha256_hex(as_bytes(file.content)).substr(0, 32) + "\"";
        }
    }

    Awaitable<Response> handle(Request& request) override {
        std::string path(request.head.path.find("path").value_or(""));
        auto found = files_.find(path);
        // A folder that has a page of its own shows that.
        if (found == files_.end() && path.ends_with('/')) found = files_.find(path + "index.html");
        if (found == files_.end() && is_page(path)) {
            path = fallback_;
            found = files_.find(path);
        }
        if (found == files_.end())
            co_return problem_response({ErrorCode::not_found, "There is no such page.", {}},
                                       request.context.request_id);
        auto& file = found->second;
        Response response;
        auto& headers = response.headers;
        headers.set("Content-Type", file.content_type);
        headers.set("ETag", file.etag);
        headers.set("Cache-Control", path.starts_with("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
        headers.set("Content-Security-Policy", path.starts_with("examples/") ? std::string(kOneFilePolicy) : policy_);
        headers.set("Referrer-Policy", "same-origin");
        response.body = StaticBody{file.content, file.compressed()};
        co_return response;
    }

private:
    std::map<std::string, StaticFile, std::less<>> files_;
    std::string fallback_;
    std::string policy_;
};

}  // namespace

std::string page_policy(const std::string& media_origin, std::string_view ancestors) {
    const auto also = media_origin.empty() ? std::string() : " " + media_origin;
    // blob: players feed media and workers by blob addresses. Inline styles: players position subtitles by them.
    std::string policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:" + also +
        "; media-src 'self' blob:" + also + "; connect-src 'self'" + also +
        "; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors ";
    return policy.append(ancestors);
}

std::string_view content_type_of(std::string_view path) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 26> kTypes{{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".txt", "text/plain; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},
        {".webp", "image/webp"},
        {".avif", "image/avif"},
        {".gif", "image/gif"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".wasm", "application/wasm"},
        {".xml", "application/xml"},
        {".mpd", "application/dash+xml"},
        {".m3u8", "application/vnd.apple.mpegurl"},
        {".m4s", "video/iso.segment"},
        {".mp4", "video/mp4"},
        {".m4a", "audio/mp4"},
        {".vtt", "text/vtt; charset=utf-8"},
        {".webm", "video/webm"},
    }};
    const auto dot = path.rfind('.');
    const auto ending = dot == std::string_view::npos ? std::string_view() : path.substr(dot);
    const auto* found =
        std::ranges::find_if(kTypes, [ending](const auto& type) { return equals_ignoring_case(type.first, ending); });
    return found == kTypes.end() ? "application/octet-stream" : found->second;
}

std::unique_ptr<Endpoint> static_files(std::span<const embedded::File> files, StaticOptions options) {
    EndpointDescription description;
    description.method = Method::get;
    description.path = options.path;
    description.summary = "The web app.";
    description.tag = "web";
    description.cross_origin = CrossOrigin::none;
    return std::make_unique<StaticEndpoint>(std::move(description), files, options);
}

}  // namespace movio::http
