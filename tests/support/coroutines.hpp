#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "async/asio.hpp"

namespace movio::test {

inline constexpr std::chrono::seconds kTimeLimit{60};

// An event loop for one test. Everything runs on the thread that calls `run`.
class Loop {
public:
    struct State;

    Loop();
    // Runs what is still posted, so that nothing is cut off.
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    asio::any_io_executor executor();

    // Runs the loop until the coroutine ends; its result, or its exception. Ends the program when it takes too long,
    // because what it waits for cannot be taken apart safely.
    template <class T>
    T run(Awaitable<T> task, std::chrono::milliseconds limit = kTimeLimit) {
        if constexpr (std::is_void_v<T>) {
            run_to_end(std::move(task), limit);
        } else {
            std::optional<T> value;
            run_to_end(keep(std::move(task), value), limit);
            return std::move(*value);
        }
    }

private:
    template <class T>
    static Awaitable<void> keep(Awaitable<T> task, std::optional<T>& value) {
        value.emplace(co_await std::move(task));
    }
    void run_to_end(Awaitable<void> task, std::chrono::milliseconds limit);

    std::unique_ptr<State> state_;
};

// The same on a loop of its own.
template <class T>
T run(Awaitable<T> task, std::chrono::milliseconds limit = kTimeLimit) {
    Loop loop;
    return loop.run(std::move(task), limit);
}

}  // namespace movio::test
