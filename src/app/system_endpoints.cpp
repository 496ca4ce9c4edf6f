#include "app/system_endpoints.hpp"

#include "base/json.hpp"
#include "base/metrics.hpp"
#include "http/endpoint.hpp"

namespace movio::app {
namespace {

http::EndpointDescription described(std::string path, std::string summary) {
    http::EndpointDescription description;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "system";
    description.answers = {{200, "It is.", ""}};
    return description;
}

std::string status_json(std::string_view status) {
    JsonWriter json;
    json.begin_object().member("status", status).end_object();
    return json.take();
}

struct Health {
    Awaitable<http::Response> operator()(http::Request&) const { co_return http::json_response(status_json("OK")); }
};

struct Ready {
    ReadyCheck check;
    Awaitable<http::Response> operator()(http::Request& request) const {
        auto reason = co_await check();
        if (reason.empty()) co_return http::json_response(status_json("OK"));
        co_return http::problem_response({ErrorCode::unavailable, std::move(reason), {}}, request.context.request_id);
    }
};

struct Metrics {
    Awaitable<http::Response> operator()(http::Request&) const {
        co_return http::text_response(200, "text/plain; version=0.0.4; charset=utf-8", metrics_text());
    }
};

}  // namespace

void add_system_endpoints(http::Router& router, ReadyCheck check) {
    router.add(http::make_raw_endpoint(described("/healthz", "Whether the process answers."), Health{}));
    router.add(http::make_raw_endpoint(described("/readyz", "Whether the server can work."), Ready{std::move(check)}));
    router.add(http::make_raw_endpoint(described("/metrics", "Figures for Prometheus."), Metrics{}));
}

}  // namespace movio::app
