#include "app/admin_endpoint.hpp"

#include <utility>

#include "base/limits.hpp"

namespace movio::app {

http::EndpointDescription admin_endpoint(http::Method method, std::string path, std::string summary) {
    http::EndpointDescription description;
    description.method = method;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "admin";
    description.access = http::Access::admin;
    description.cross_origin = http::CrossOrigin::none;
    return description;
}

http::EndpointDescription public_admin_endpoint(http::Method method, std::string path, std::string summary) {
    http::EndpointDescription description;
    description.method = method;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "administration";
    description.access = http::Access::admin;
    if (method != http::Method::get) description.rate = http::RateClass::write;
    description.errors = {ErrorCode::unauthorized, ErrorCode::forbidden, ErrorCode::invalid};
    return description;
}

http::EndpointDescription with_json_body(http::EndpointDescription description) {
    description.body = http::BodyKind::json;
    description.body_bytes_max = static_cast<std::int64_t>(limits::kJsonBodyBytesMax);
    return description;
}

}  // namespace movio::app
