#pragma once
#include <functional>
#include <memory>

#include "async/asio.hpp"

namespace movio::ledger {

// Carries a wake-up from any thread to an executor; many at once become one call.
class Waker {
public:
    // `woken` is called on the executor.
    Waker(asio::any_io_executor executor, std::function<void()> woken);
    // What copies of the waker do afterwards is nothing.
    ~Waker();
    Waker(const Waker&) = delete;
    Waker& operator=(const Waker&) = delete;

    // A function that wakes, thread-safe and valid for ever.
    std::function<void()> handle() const;
    // On the executor; `woken` is not called any more.
    void close();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace movio::ledger
