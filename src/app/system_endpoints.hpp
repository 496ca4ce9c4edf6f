#pragma once
#include <functional>
#include <string>

#include "async/asio.hpp"
#include "http/router.hpp"

namespace movio::app {

// Why the server cannot work right now, for people; empty when it can.
using ReadyCheck = std::function<Awaitable<std::string>()>;

// /healthz (the process answers), /readyz (it can work: 200 or 503 with the reason), /metrics (Prometheus text).
void add_system_endpoints(http::Router& router, ReadyCheck check);

}  // namespace movio::app
