#pragma once
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <csignal>

#include "async/asio.hpp"
#include "sandbox/outcome.hpp"
#include "sandbox/spawn.hpp"

namespace movio::sandbox {

// A running media process: killed and waited for at the latest when this is destroyed. `kill` is thread-safe, the rest
// belongs to one executor.
class ChildProcess {
public:
    explicit ChildProcess(SpawnedProcess process);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    // The first reason is the one that is kept.
    void kill(KillReason reason);
    KillReason kill_reason() const { return reason_.load(); }
    // Between these it waits for others, which does not count against its time.
    void begin_excuse();
    void end_excuse();
    std::chrono::milliseconds excused() const;
    // Resumes when it has ended; leaves no zombie.
    Awaitable<ExitStatus> wait();
    // Keeps the last of what it wrote to standard error; reads at most what the pipe holds.
    void drain_errors();
    const std::string& errors() const { return errors_; }
    UniqueFd take_channel() { return std::move(process_.channel); }
    pid_t pid() const { return process_.pid; }

private:
    SpawnedProcess process_;
    std::atomic<KillReason> reason_{KillReason::none};
    bool reaped_ = false;
    std::chrono::steady_clock::duration excused_{0};
    std::optional<std::chrono::steady_clock::time_point> excused_since_;
    std::string errors_;
};

}  // namespace movio::sandbox
