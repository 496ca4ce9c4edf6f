#include "ledger/runner.hpp"

#include <list>

#include <boost/asio/this_coro.hpp>

#include "async/pool.hpp"
#include "async/task_group.hpp"
#include "async/timing.hpp"
#include "base/log.hpp"
#include "ledger/runner_board.hpp"
#include "ledger/waker.hpp"

namespace movio::ledger {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int kSettleTries = 3;
constexpr milliseconds kSettlePause{500};
constexpr std::chrono::minutes kPurgeEvery{60};

// A task at work. Shared by the coroutine that works and the one that renews.
struct Running {
    LeasedTask task;
    std::stop_source stop;
    Signal ended_signal;
    bool ended = false;
    bool lost = false;

    Running(LeasedTask claimed, asio::any_io_executor executor) : task(std::move(claimed)), ended_signal(executor) {}
    void lose() {
        lost = true;
        stop.request_stop();
    }
};

// The video that a task is about, for the log: subjects begin with its id. Empty when this one does not.
std::string video_of(const LeasedTask& task) {
    const auto video = VideoId::parse(std::string_view(task.subject).substr(0, Uuid::kTextLength));
    return video ? video->text() : std::string();
}

struct Slots {
    SlotClass options;
    int free = 0;
    bool rung = false;
    Signal wake;

    Slots(SlotClass chosen, asio::any_io_executor executor)
        : options(std::move(chosen)), free(options.slots), wake(executor) {}
};

Error error_of(const std::exception& thrown) {
    if (dynamic_cast<const NoSpace*>(&thrown) != nullptr)
        return {ErrorCode::no_space, "There is no space left; make room on the disk.", thrown.what()};
    return {ErrorCode::internal, "Something went wrong inside; the log says what.", thrown.what()};
}

}  // namespace

struct TaskRunner::State {
    Ledger& ledger;
    asio::any_io_executor executor;
    RunnerOptions options;
    std::map<std::string, TaskHandler> handlers;
    std::list<Slots> classes;
    std::list<std::shared_ptr<Running>> running;
    RunnerBoard board;
    bool started = false;
    bool stopping = false;
    Signal sweep_signal;
    Signal ended_signal;
    Waker waker;
    TaskGroup group;

    State(Ledger& of, asio::any_io_executor where, RunnerOptions chosen)
        : ledger(of),
          executor(where),
          options(std::move(chosen)),
          board(options.owner, options.classes),
          sweep_signal(where),
          ended_signal(where),
          waker(where, [this] { wake_all(); }),
          group(where) {
        for (const auto& one : options.classes) classes.emplace_back(one, executor);
    }

    void wake_all() {
        for (auto& slots : classes) {
            slots.rung = true;
            slots.wake.notify();
        }
    }

    std::vector<std::string> kinds() const {
        std::vector<std::string> names;
        names.reserve(handlers.size());
        for (const auto& [kind, handler] : handlers) names.push_back(kind);
        return names;
    }

    Awaitable<std::optional<LeasedTask>> claim(const Slots& slots) {
        try {
            co_return co_await ledger.claim(kinds(), slots.options.at_least, options.owner);
        } catch (const std::exception& failure) {
            log_warn("cannot claim a task", {{"class", slots.options.name}, {"reason", std::string(failure.what())}});
        }
        co_return std::nullopt;
    }

    Awaitable<void> fill(Slots& slots) {
        while (!stopping) {
            slots.rung = false;
            if (slots.free > 0) {
                auto task = co_await claim(slots);
                if (task) {
                    --slots.free;
                    start_work(slots, std::move(*task));
                    continue;
                }
            }
            // A bell that rang during the claim must not be slept through.
            if (!stopping && !slots.rung) co_await slots.wake.wait_for(options.poll_every);
        }
    }

    void start_work(Slots& slots, LeasedTask task) {
        auto one = std::make_shared<Running>(std::move(task), executor);
        // Claimed while stop() ran: it is given back right away.
        if (stopping) one->stop.request_stop();
        running.push_back(one);
        board.begun(slots.options, one->task);
        group.spawn("renew " + one->task.kind, keep(one));
        group.spawn("task " + one->task.kind, work(slots, one));
    }

    Awaitable<void> keep(std::shared_ptr<Running> one) {
        auto renewed = Clock::now();
        while (!one->ended && !one->lost) {
            co_await one->ended_signal.wait_for(options.renew_every);
            if (one->ended || one->lost) co_return;
            try {
                if (!co_await ledger.renew(one->task.lease)) break;
                renewed = Clock::now();
            } catch (const std::exception& failure) {
                log_warn("cannot renew a lease",
                         {{"task_id", one->task.lease.task.text()}, {"reason", std::string(failure.what())}});
                if (Clock::now() - renewed > limits::kLease) break;
            }
        }
        if (one->ended || one->lost) co_return;
        log_warn("a lease was lost", {{"video_id", video_of(one->task)},
                                      {"task_id", one->task.lease.task.text()},
                                      {"kind", one->task.kind},
                                      {"key", one->task.key}});
        one->lose();
    }

    Awaitable<void> work(Slots& slots, std::shared_ptr<Running> one) {
        TaskOutcome outcome = Retry{};
        if (!one->stop.stop_requested()) outcome = co_await outcome_of(*one);
        // stop() may have cancelled the handler; what follows is the end of the task all the same.
        co_await asio::this_coro::throw_if_cancelled(false);
        co_await settle(*one, std::move(outcome));
        one->ended = true;
        one->ended_signal.notify();
        running.remove(one);
        board.ended(slots.options, one->task);
        ++slots.free;
        slots.rung = true;
        slots.wake.notify();
        ended_signal.notify();
    }

    Awaitable<TaskOutcome> outcome_of(const Running& one) {
        try {
            const TaskHandler& handler = handlers.at(one.task.kind);
            co_return co_await handler(one.task, one.stop.get_token());
        } catch (const std::exception& thrown) {
            co_return Retry{.error = error_of(thrown)};
        } catch (...) {
            co_return Retry{.error = error_of(Failure("the handler threw something that is no exception"))};
        }
    }

    Awaitable<void> settle(const Running& one, TaskOutcome outcome) {
        for (int attempt = 1; attempt <= kSettleTries && !one.lost; ++attempt) {
            try {
                if (!co_await apply(one, outcome))
                    log_warn("a task ended without its lease", {{"video_id", video_of(one.task)},
                                                                {"task_id", one.task.lease.task.text()},
                                                                {"kind", one.task.kind},
                                                                {"key", one.task.key}});
                co_return;
            } catch (const std::exception& failure) {
                log_error("cannot record the end of a task", {{"video_id", video_of(one.task)},
                                                              {"task_id", one.task.lease.task.text()},
                                                              {"kind", one.task.kind},
                                                              {"reason", std::string(failure.what())}});
                // An effect that cannot be applied is a failed attempt, which can be recorded.
                if (std::holds_alternative<Done>(outcome) && attempt > 1) outcome = Retry{.error = error_of(failure)};
            }
            if (!stopping) co_await sleep_for(kSettlePause);
        }
    }

    Awaitable<bool> apply(const Running& one, const TaskOutcome& outcome) {
        const Lease& lease = one.task.lease;
        if (const auto* done = std::get_if<Done>(&outcome))
            co_return co_await ledger.finish(lease, done->result, done->effect);
        // Asked to stop, a handler may end in any way; it says nothing about the task.
        if (one.stop.stop_requested()) co_return co_await ledger.release(lease);
        if (const auto* failed = std::get_if<Failed>(&outcome)) co_return co_await ledger.fail(lease, failed->error);
        if (std::holds_alternative<Dropped>(outcome)) co_return co_await ledger.drop(lease);
        const auto& retry = std::get<Retry>(outcome);
        log_warn("a task will be tried again", {{"video_id", video_of(one.task)},
                                                {"task_id", lease.task.text()},
                                                {"kind", one.task.kind},
                                                {"key", one.task.key},
                                                {"attempt", std::int64_t{lease.attempt}},
                                                {"reason", retry.error.message},
                                                {"detail", retry.error.detail}});
        co_return co_await ledger.retry_later(lease, retry.error, retry.after);
    }

    std::vector<Lease> leases() const {
        std::vector<Lease> held;
        for (const auto& one : running)
            if (!one->ended && !one->lost) held.push_back(one->task.lease);
        return held;
    }

    Awaitable<void> sweep() {
        auto purged = Clock::now() - kPurgeEvery;
        while (!stopping) {
            try {
                const auto swept = co_await ledger.sweep(leases());
                board.seen();
                if (swept.returned + swept.failed > 0)
                    log_warn("leases expired", {{"returned", swept.returned}, {"failed", swept.failed}});
                if (Clock::now() - purged >= kPurgeEvery) {
                    purged = Clock::now();
                    co_await ledger.purge(options.keep_ended);
                }
            } catch (const std::exception& failure) {
                log_warn("cannot sweep leases", {{"reason", std::string(failure.what())}});
            }
            if (!stopping) co_await sweep_signal.wait_for(options.sweep_every);
        }
    }

    Awaitable<void> give_back(std::vector<std::shared_ptr<Running>> left) {
        for (const auto& one : left) {
            one->lose();
            try {
                co_await ledger.release(one->task.lease);
            } catch (const std::exception& failure) {
                log_warn("cannot give a lease back",
                         {{"task_id", one->task.lease.task.text()}, {"reason", std::string(failure.what())}});
            }
        }
    }
};

TaskRunner::TaskRunner(Ledger& ledger, asio::any_io_executor executor, RunnerOptions options)
    : state_(std::make_shared<State>(ledger, std::move(executor), std::move(options))) {}

TaskRunner::~TaskRunner() = default;

void TaskRunner::handle(std::string kind, TaskHandler handler) {
    state_->handlers.insert_or_assign(std::move(kind), std::move(handler));
}

void TaskRunner::start() {
    State& state = *state_;
    if (std::exchange(state.started, true)) throw Failure("the task runner was started twice");
    state.board.started();
    state.ledger.bell().listen(state.ledger.queue(), [wake = state.waker.handle()](TaskId) { wake(); });
    for (auto& slots : state.classes) state.group.spawn("claim " + slots.options.name, state.fill(slots));
    state.group.spawn("sweep", state.sweep());
}

Awaitable<void> TaskRunner::stop() {
    State& state = *state_;
    state.stopping = true;
    state.waker.close();
    state.wake_all();
    state.sweep_signal.notify();
    for (const auto& one : state.running) one->stop.request_stop();
    const auto end = Clock::now() + state.options.stop_grace;
    while (!state.running.empty() && Clock::now() < end)
        co_await state.ended_signal.wait_for(std::chrono::duration_cast<milliseconds>(end - Clock::now()) +
                                             milliseconds(1));
    if (!state.running.empty()) {
        co_await state.give_back({state.running.begin(), state.running.end()});
        state.group.cancel_all();
    }
    co_await state.group.wait();
}

std::size_t TaskRunner::running() const { return state_->running.size(); }
RunnerFigures TaskRunner::figures() const { return state_->board.figures(); }

}  // namespace movio::ledger
