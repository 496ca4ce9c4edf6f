#pragma once
#include <chrono>

#include "async/asio.hpp"

namespace movio {

// Resumes after the time on the caller's executor; cancellation ends it early by an exception (operation_aborted).
Awaitable<void> sleep_for(std::chrono::milliseconds time);

// A one-thread alarm clock that coroutines wait on: `notify` wakes every waiter. Use from one executor only.
class Signal {
public:
    explicit Signal(asio::any_io_executor executor);
    ~Signal();
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;

    void notify();
    // True when notified, false when the time ran out first. May wake without reason.
    Awaitable<bool> wait_for(std::chrono::milliseconds time);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace movio
