#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "async/asio.hpp"
#include "ledger/ledger.hpp"

namespace movio::ledger {

// How a handler ends. An exception that leaves it counts as Retry.
struct Done {
    std::string result = "{}";
    Effect effect = {};
};
struct Retry {
    Error error;
    std::optional<std::chrono::milliseconds> after = {};
};
struct Failed {
    Error error;
};
// Nobody wants it any more and it was not begun: forgotten, so that it can be added again.
struct Dropped {};
using TaskOutcome = std::variant<Done, Retry, Failed, Dropped>;

// Works on one task. The token says stop when the lease is lost or the runner stops: end soon, with any outcome.
using TaskHandler = std::function<Awaitable<TaskOutcome>(LeasedTask, std::stop_token)>;

// So many tasks at a time of this urgency or more. Apart, so that urgent work never waits behind a full batch.
struct SlotClass {
    std::string name;
    int slots = 1;
    Priority at_least = Priority::bulk;
};

struct RunnerOptions {
    // Who holds the leases: unique among the living, the same after a restart.
    std::string owner;
    std::vector<SlotClass> classes;
    std::chrono::milliseconds renew_every = limits::kLeaseRenew;
    std::chrono::milliseconds sweep_every = limits::kSweep;
    std::chrono::milliseconds poll_every = limits::kPoll;
    // How long `stop` waits for handlers that were asked to stop before it cancels their coroutines.
    std::chrono::milliseconds stop_grace = limits::kShutdownGrace;
    std::chrono::hours keep_ended{24 * limits::kJobsKeptDays};
};

// What a runner does at the moment, for people.
struct RunnerFigures {
    struct Class {
        SlotClass slots;
        int busy = 0;
    };
    struct Task {
        LeasedTask task;
        std::int64_t begun_us = 0;
    };
    std::string owner;
    std::int64_t started_us = 0;  // 0: it has not been
    std::int64_t seen_us = 0;     // when it last got through to the database by itself
    std::vector<Class> classes;
    std::vector<Task> tasks;  // the longest at work first
};

// Claims tasks and runs their handlers on one executor: when the bell rings, and at least every `poll_every`. Renews
// the leases meanwhile and sweeps those of others. All calls come from the executor's thread.
class TaskRunner {
public:
    // `ledger` must outlive the runner.
    TaskRunner(Ledger& ledger, asio::any_io_executor executor, RunnerOptions options);
    // Only after `stop`.
    ~TaskRunner();
    TaskRunner(const TaskRunner&) = delete;
    TaskRunner& operator=(const TaskRunner&) = delete;

    // Before `start`. Only kinds that have a handler are claimed.
    void handle(std::string kind, TaskHandler handler);
    void start();
    // Claims no more, asks handlers to stop and gives back the leases of those that did not get done. Resumes when
    // nothing runs any more.
    Awaitable<void> stop();
    std::size_t running() const;
    // From any thread.
    RunnerFigures figures() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace movio::ledger
