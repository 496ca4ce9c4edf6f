#pragma once
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "async/asio.hpp"

namespace movio {

// N threads with an io_context each, so that what runs on one executor never runs on two threads. Everything that was
// spawned must have ended before `stop`; what has not is destroyed unfinished.
class IoThreads {
public:
    // Starts the threads.
    explicit IoThreads(std::size_t count);
    // Stops, if that has not been done.
    ~IoThreads();
    IoThreads(const IoThreads&) = delete;
    IoThreads& operator=(const IoThreads&) = delete;

    std::size_t size() const;
    asio::any_io_executor executor(std::size_t index) const;
    // True on one of these threads.
    bool is_current() const;
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

// Runs a coroutine on `executor` and waits for its result; not from an I/O thread.
template <class T>
T block_on(asio::any_io_executor executor, Awaitable<T> task) {
    return asio::co_spawn(std::move(executor), std::move(task), asio::use_future).get();
}

}  // namespace movio
