#include "async/timing.hpp"

#include <list>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace movio {

Awaitable<void> sleep_for(std::chrono::milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

namespace {

struct Waiter {
    asio::steady_timer timer;
    bool notified = false;
};

}  // namespace

struct Signal::State {
    asio::any_io_executor executor;
    std::list<Waiter> waiters;
};

Signal::Signal(asio::any_io_executor executor) : state_(std::make_unique<State>(std::move(executor))) {}
Signal::~Signal() = default;

void Signal::notify() {
    for (auto& waiter : state_->waiters) {
        waiter.notified = true;
        waiter.timer.cancel();
    }
}

Awaitable<bool> Signal::wait_for(std::chrono::milliseconds time) {
    auto& waiters = state_->waiters;
    // Leaves the list also when a cancelled caller is thrown out of the wait.
    struct Place {
        std::list<Waiter>& list;
        std::list<Waiter>::iterator waiter;
        ~Place() { list.erase(waiter); }
    } const place{waiters, waiters.emplace(waiters.end(), asio::steady_timer(state_->executor, time))};
    boost::system::error_code error;
    co_await place.waiter->timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    co_return place.waiter->notified;
}

}  // namespace movio
