#include "access/endpoints/healthcheck.hpp"

namespace movio::access {
namespace {

struct Healthcheck {
    Awaitable<http::Response> operator()(http::Request&) const {
        auto response = http::json_response(R"({"status":"OK"})");
        response.headers.set("Cache-Control", "no-store");
        co_return response;
    }
};

}  // namespace

void add_healthcheck_endpoint(http::Router& router) {
    http::EndpointDescription description;
    description.path = "/api/v1/common/healthcheck/";
    description.summary = "Whether this service answers.";
    description.tag = "common v1";
    description.answers = {{200, "It does.", "V1Health"}};
    router.add(http::make_raw_endpoint(std::move(description), Healthcheck{}));
}

}  // namespace movio::access
