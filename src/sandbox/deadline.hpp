#pragma once
#include <chrono>
#include <memory>

#include "async/asio.hpp"
#include "sandbox/child_process.hpp"

namespace movio::sandbox {

// What is left of a child's wall-clock limit. Time in which it was ready to run and others had the processor (batch
// children are SCHED_IDLE) is not its fault and does not count, up to ten times the limit.
std::chrono::milliseconds time_left(std::chrono::milliseconds limit, std::chrono::milliseconds elapsed,
                                    std::chrono::milliseconds waited_for_cpu);

// The longest that any thread of the process was ready to run and did not; 0 when the kernel does not say.
std::chrono::milliseconds waited_for_cpu(pid_t pid);

// Kills a child when its time is over. One executor.
class Deadline {
public:
    Deadline(const asio::any_io_executor& executor, std::shared_ptr<ChildProcess> child);
    ~Deadline();
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;

    // The wall-clock limit, from now on.
    void begin(std::chrono::milliseconds limit);
    // In place of it: the child is to end by itself within this time.
    void end_within(std::chrono::milliseconds time, KillReason otherwise);

private:
    struct State;
    static void watch(const std::shared_ptr<State>& state, std::chrono::milliseconds time);
    std::shared_ptr<State> state_;
};

}  // namespace movio::sandbox
