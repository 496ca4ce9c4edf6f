#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <unordered_map>

#include "base/metrics.hpp"
#include "http/server.hpp"

namespace movio::http {

// The figures of one route; a request without one counts under the route "none".
class RouteMetrics {
public:
    explicit RouteMetrics(std::string_view route, std::string_view method);
    void count(int status, std::int64_t bytes, double seconds) const;

private:
    std::array<Counter, 4> by_class_;  // 2xx … 5xx; 1xx never ends a request
    Counter bytes_;
    Histogram seconds_;
};

// What all connections of a server share; read only while it runs.
struct Core {
    Core(ServerOptions options, Router router, Gates gates);

    const RouteMetrics& metrics_of(const EndpointDescription* endpoint) const;

    const ServerOptions options;
    const Router router;
    const Gates gates;
    std::atomic<std::size_t> connections = 0;
    const Gauge connections_gauge;
    const Counter received_bytes;

private:
    RouteMetrics no_route_;
    std::unordered_map<const EndpointDescription*, RouteMetrics> metrics_;
};

}  // namespace movio::http
