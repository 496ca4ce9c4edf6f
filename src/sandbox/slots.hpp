#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>

#include "async/asio.hpp"
#include "sandbox/media_process.hpp"

namespace movio::sandbox {

// How many media processes run at once. First come, first served, but by urgency, and where there is more than one
// place, batch work leaves one free: somebody waits for what is more urgent. Thread-safe; each waiter resumes on
// its own executor.
class ProcessSlots {
    struct State;

public:
    explicit ProcessSlots(std::size_t places);

    // One place, given back when it is destroyed.
    class Slot {
    public:
        Slot(Slot&&) noexcept = default;
        Slot& operator=(Slot&&) = delete;
        ~Slot();

    private:
        friend class ProcessSlots;
        Slot(std::shared_ptr<State> state, Urgency urgency) : state_(std::move(state)), urgency_(urgency) {}
        std::shared_ptr<State> state_;
        Urgency urgency_;
    };

    // nullopt when stopped while waiting; cancellation throws operation_aborted.
    Awaitable<std::optional<Slot>> acquire(Urgency urgency, std::stop_token stop);

private:
    struct Waiter;
    struct Waiting;
    std::shared_ptr<State> state_;
};

}  // namespace movio::sandbox
