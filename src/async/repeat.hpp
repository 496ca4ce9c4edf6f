#pragma once
#include <chrono>
#include <functional>
#include <string>

#include "async/asio.hpp"

namespace movio {

// Runs `body`, then again after each `pause`, for ever: what tidies up in the background. What escapes from the body is
// logged as a warning with `name` and tried again next time; cancellation ends it. Spawn it into a TaskGroup.
Awaitable<void> repeat_every(std::chrono::milliseconds pause, std::string name, std::function<Awaitable<void>()> body);

}  // namespace movio
