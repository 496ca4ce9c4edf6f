#include "http/cross_origin.hpp"

#include <algorithm>

namespace movio::http {

void allow_origin(Headers& answer, const Headers& request, CrossOrigin kind,
                  const std::vector<std::string>& api_origins) {
    if (kind == CrossOrigin::none) return;
    if (kind == CrossOrigin::media) {
        answer.set("Access-Control-Allow-Origin", "*");
        answer.set("Access-Control-Expose-Headers", "Content-Length, Content-Range, Accept-Ranges, ETag");
        return;
    }
    if (api_origins.empty()) return;
    const auto origin = request.find("origin");
    if (std::ranges::find(api_origins, "*") != api_origins.end()) {
        answer.set("Access-Control-Allow-Origin", "*");
    } else {
        // Caches must keep the answers to different origins apart, also when one is not allowed.
        answer.add("Vary", "Origin");
        if (!origin || std::ranges::find(api_origins, *origin) == api_origins.end()) return;
        answer.set("Access-Control-Allow-Origin", *origin);
        answer.set("Access-Control-Allow-Credentials", "true");
    }
    answer.set("Access-Control-Expose-Headers",
               "Content-Length, ETag, Location, RateLimit, RateLimit-Policy, Retry-After, Tus-Extension, Tus-Max-Size, "
               "Tus-Resumable, Tus-Version, Upload-Expires, Upload-Length, Upload-Offset, X-Request-Id");
}

Response options_response(const RequestHead& head, const Router::OtherMethods& known,
                          const std::vector<std::string>& api_origins) {
    auto response = no_content();
    response.headers.set("Allow", known.allow);
    const auto wanted = head.headers.find("access-control-request-method");
    if (!wanted) return response;
    auto method = method_from_text(*wanted);
    if (method == Method::head) method = Method::get;
    for (const auto* endpoint : known.endpoints) {
        if (endpoint->description().method != method) continue;
        allow_origin(response.headers, head.headers, endpoint->description().cross_origin, api_origins);
        if (!response.headers.has("access-control-allow-origin")) continue;
        response.headers.remove("access-control-expose-headers");
        response.headers.set("Access-Control-Allow-Methods", known.allow);
        // A star does not cover Authorization, so what is asked for is named.
        if (const auto fields = head.headers.find("access-control-request-headers"))
            response.headers.set("Access-Control-Allow-Headers", *fields);
        response.headers.set("Access-Control-Max-Age", "86400");
    }
    return response;
}

}  // namespace movio::http
