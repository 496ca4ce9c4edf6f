#include "async/repeat.hpp"

#include <boost/system/system_error.hpp>

#include "async/timing.hpp"
#include "base/log.hpp"

namespace movio {
namespace {

bool is_cancellation(const std::exception& failure) {
    const auto* system = dynamic_cast<const boost::system::system_error*>(&failure);
    return system != nullptr && system->code() == asio::error::operation_aborted;
}

}  // namespace

Awaitable<void> repeat_every(std::chrono::milliseconds pause, std::string name, std::function<Awaitable<void>()> body) {
    for (;;) {
        try {
            co_await body();
        } catch (const std::exception& failure) {
            if (is_cancellation(failure)) throw;
            log_warn("will be tried again", {{"what", name}, {"reason", std::string(failure.what())}});
        }
        co_await sleep_for(pause);
    }
}

}  // namespace movio
