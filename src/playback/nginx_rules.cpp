#include "playback/nginx_rules.hpp"

#include <fmt/format.h>

#include "access/base64url.hpp"

namespace movio::playback {
namespace {

// What lies in the store as it is asked for. Manifests are rendered, and plans are nobody's business.
constexpr std::string_view kStoredNames =
    R"([0-9]+/(?:[a-z0-9-]+/(?:init\.mp4|[0-9]+\.m4s)|image/[a-z0-9-]+\.(?:jpg|webp))|text/[0-9a-f-]{36}/[0-9]+\.vtt)";

constexpr std::string_view kId = "[0-9a-f-]{36}";

// Nothing makes nginx take "$" for itself; no data folder has it.
std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string location_of(const access::SigningKey& key, const std::string& root) {
    const auto access = fmt::format(
        R"(t-(?<movio_expiry>[0-9]+)-{}\.(?<movio_viewer>{})\.(?<movio_mac>[A-Za-z0-9_-]{{22}}))", key.id, kId);
    const auto pattern = fmt::format("^/media/{}/(?<movio_video>{})/(?<movio_name>{})$", access, kId, kStoredNames);
    return fmt::format(R"(location ~ "{}" {{
    secure_link $movio_mac,$movio_expiry;
    secure_link_md5 "$secure_link_expires/$movio_viewer/media/$movio_video/ {}";
    if ($secure_link != "1") {{ return 404; }}
    root {};
    try_files /media/$movio_video/$movio_name @movio;
    error_page 405 = @movio;
    types {{ video/iso.segment m4s; video/mp4 mp4; image/jpeg jpg; image/webp webp; text/vtt vtt; }}
    charset utf-8;
    charset_types text/vtt;
    add_header Cache-Control "private, max-age=31536000, immutable";
    add_header Access-Control-Allow-Origin "*";
    add_header Access-Control-Expose-Headers "Content-Length, Content-Range, Accept-Ranges, ETag";
    access_log off;
}}
)",
                       pattern, access::base64url(key.secret), root);
}

std::string asking(std::string_view name, const std::string& address) {
    return fmt::format(R"(location {} {{
    proxy_pass {};
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    access_log off;
}}
)",
                       name, address);
}

}  // namespace

std::string nginx_rules(const access::KeyRing::Keys& keys, const std::filesystem::path& blobs,
                        const std::string& address) {
    std::string text =
        "# Written by `movio keys nginx`, for the server block that stands before Movio. It holds secrets: let nobody "
        "else\n# read it. Write it anew, and reload nginx, after `movio keys rotate-media`.\n";
    const auto root = quoted(blobs.string());
    for (const auto& key : keys) text += location_of(key, root);
    // What is rendered or not made yet, what no rule above knows, and the pages of links for embedding. Never logged:
    // the secret is in the path.
    for (const auto* name : {"@movio", "/media/", "/embed/link/"}) text += asking(name, address);
    return text;
}

}  // namespace movio::playback
