#include "http/core.hpp"

#include <algorithm>

namespace movio::http {
namespace {

Counter requests(std::string_view route, std::string_view method, std::string_view status) {
    return counter("movio_http_requests_total", "Requests answered.",
                   {{"route", route}, {"method", method}, {"status", status}});
}

}  // namespace

RouteMetrics::RouteMetrics(std::string_view route, std::string_view method)
    : by_class_{requests(route, method, "2xx"), requests(route, method, "3xx"), requests(route, method, "4xx"),
                requests(route, method, "5xx")},
      bytes_(counter("movio_http_sent_bytes_total", "Bytes sent, header fields included.",
                     {{"route", route}, {"method", method}})),
      seconds_(histogram("movio_http_request_seconds", "From the last byte of a head to the last byte of its answer.",
                         duration_bounds(), {{"route", route}, {"method", method}})) {}

void RouteMetrics::count(int status, std::int64_t bytes, double seconds) const {
    const auto index = std::clamp(status / 100, 2, 5) - 2;
    by_class_[static_cast<std::size_t>(index)].add();
    bytes_.add(bytes);
    seconds_.observe(seconds);
}

Core::Core(ServerOptions the_options, Router the_router, Gates the_gates)
    : options(std::move(the_options)),
      router(std::move(the_router)),
      gates(std::move(the_gates)),
      connections_gauge(gauge("movio_http_connections", "Connections open now.")),
      received_bytes(counter("movio_http_received_bytes_total", "Bytes read from clients, header fields included.")),
      no_route_("none", "any") {
    for (const auto* endpoint : router.descriptions())
        metrics_.emplace(endpoint, RouteMetrics(endpoint->path, to_text(endpoint->method)));
}

const RouteMetrics& Core::metrics_of(const EndpointDescription* endpoint) const {
    const auto found = metrics_.find(endpoint);
    return found == metrics_.end() ? no_route_ : found->second;
}

}  // namespace movio::http
