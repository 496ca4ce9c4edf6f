#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "async/asio.hpp"

namespace movio {

// The only way to start a coroutine that nobody awaits: it belongs to a group, and a group must be empty before it is
// destroyed (asserted). Bound to one executor; all calls come from its thread, but for `cancel_all`.
class TaskGroup {
public:
    explicit TaskGroup(asio::any_io_executor executor);
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    // Thread-safe. The coroutine runs on the group's executor. What escapes from it is logged as an error with `name`,
    // except cancellation (operation_aborted).
    void spawn(std::string name, Awaitable<void> task);
    // Thread-safe. Asks every member to stop by a cancellation signal (terminal).
    void cancel_all();
    // Resumes when no member is left. On the group's executor.
    Awaitable<void> wait();
    std::size_t size() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace movio
