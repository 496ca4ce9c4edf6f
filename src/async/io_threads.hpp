#pragma once
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
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

namespace detail {

// Catches on the I/O thread, so that nothing there still holds the exception when the waiting thread gets it.
template <class T>
Awaitable<void> keep_outcome(Awaitable<T> task, std::optional<T>& value, std::exception_ptr& error) {
    try {
        value.emplace(co_await std::move(task));
    } catch (...) {
        error = std::current_exception();
    }
}
inline Awaitable<void> keep_outcome(Awaitable<void> task, std::exception_ptr& error) {
    try {
        co_await std::move(task);
    } catch (...) {
        error = std::current_exception();
    }
}

}  // namespace detail

// Runs a coroutine on `executor` and waits for its result; not from an I/O thread.
template <class T>
T block_on(asio::any_io_executor executor, Awaitable<T> task) {
    std::exception_ptr error;
    if constexpr (std::is_void_v<T>) {
        asio::co_spawn(std::move(executor), detail::keep_outcome(std::move(task), error), asio::use_future).get();
        if (error) std::rethrow_exception(std::move(error));
    } else {
        std::optional<T> value;
        asio::co_spawn(std::move(executor), detail::keep_outcome(std::move(task), value, error), asio::use_future)
            .get();
        if (error) std::rethrow_exception(std::move(error));
        return std::move(*value);
    }
}

}  // namespace movio
