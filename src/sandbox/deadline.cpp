#include "sandbox/deadline.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <boost/asio/steady_timer.hpp>

namespace movio::sandbox {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

milliseconds time_left(milliseconds limit, milliseconds elapsed, milliseconds waited_for_cpu) {
    constexpr int kTimesAtMost = 10;
    return std::min(limit + waited_for_cpu, limit * kTimesAtMost) - elapsed;
}

milliseconds waited_for_cpu(pid_t pid) {
    std::chrono::nanoseconds longest{0};
    std::error_code gone;
    const std::string threads = "/proc/" + std::to_string(pid) + "/task";
    for (std::filesystem::directory_iterator thread(threads, gone), end; !gone && thread != end;
         thread.increment(gone)) {
        // Time on the processor, time waiting for it, turns (kernel: Documentation/scheduler/sched-stats.rst).
        std::ifstream file(thread->path() / "schedstat");
        std::int64_t ran = 0;
        std::int64_t waited = 0;
        if (file >> ran >> waited) longest = std::max(longest, std::chrono::nanoseconds(waited));
    }
    return std::chrono::duration_cast<milliseconds>(longest);
}

struct Deadline::State {
    State(const asio::any_io_executor& executor, std::shared_ptr<ChildProcess> watched)
        : timer(executor), child(std::move(watched)) {}
    asio::steady_timer timer;
    std::shared_ptr<ChildProcess> child;
    Clock::time_point began;
    milliseconds limit{0};
    KillReason reason = KillReason::timed_out;

    void rings(const std::shared_ptr<State>& self) {
        if (reason == KillReason::timed_out) {
            const auto elapsed = std::chrono::duration_cast<milliseconds>(Clock::now() - began);
            const auto left = time_left(limit, elapsed - child->excused(), waited_for_cpu(child->pid()));
            if (left > milliseconds(0)) return watch(self, left);
        }
        child->kill(reason);
    }
};

Deadline::Deadline(const asio::any_io_executor& executor, std::shared_ptr<ChildProcess> child)
    : state_(std::make_shared<State>(executor, std::move(child))) {}

Deadline::~Deadline() { state_->timer.cancel(); }

void Deadline::begin(milliseconds limit) {
    state_->began = Clock::now();
    state_->limit = limit;
    watch(state_, limit);
}

void Deadline::end_within(milliseconds time, KillReason otherwise) {
    state_->reason = otherwise;
    watch(state_, time);
}

void Deadline::watch(const std::shared_ptr<State>& state, milliseconds time) {
    state->timer.expires_after(time);
    state->timer.async_wait([watched = std::weak_ptr(state)](const boost::system::error_code& error) {
        const auto self = watched.lock();
        if (!error && self) self->rings(self);
    });
}

}  // namespace movio::sandbox
