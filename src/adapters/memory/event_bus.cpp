#include "adapters/memory/event_bus.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "async/task_group.hpp"
#include "base/error.hpp"
#include "base/log.hpp"

namespace movio {
namespace {

// Awaits a coroutine that runs on another executor. Cancellation stays on this side, so that no signal crosses threads.
struct RunElsewhere {
    template <class Completion>
    void operator()(Completion completion, asio::any_io_executor where, std::function<Awaitable<void>()> start) const {
        auto own = asio::get_associated_executor(completion);
        auto guard = asio::make_work_guard(own);
        auto shared = std::make_shared<Completion>(std::move(completion));
        auto ended = [own, guard = std::move(guard), shared = std::move(shared)](std::exception_ptr error) mutable {
            asio::post(own, [guard = std::move(guard), shared = std::move(shared), error = std::move(error)]() mutable {
                std::move (*shared)(std::move(error));
            });
        };
        asio::co_spawn(where, std::move(start), std::move(ended));
    }
};

Awaitable<void> run_on(asio::any_io_executor where, std::function<Awaitable<void>()> start) {
    auto token = asio::use_awaitable;
    co_await asio::async_initiate<decltype(token), void(std::exception_ptr)>(RunElsewhere{}, token, std::move(where),
                                                                             std::move(start));
}

}  // namespace

struct InProcessEventBus::Subscriber {
    std::string consumer;
    std::vector<std::string> types;
    asio::any_io_executor executor;
    Handler handler;
    std::mutex mutex;
    std::deque<Event> waiting;  // transient ones
    bool draining = false;
    TaskGroup group;

    Subscriber(std::string name, std::vector<std::string> wanted, asio::any_io_executor where, Handler call)
        : consumer(std::move(name)),
          types(std::move(wanted)),
          executor(where),
          handler(std::move(call)),
          group(where) {}

    bool wants(const std::string& type) const { return std::ranges::find(types, type) != types.end(); }

    // False when it does not fit.
    bool push(Event event, std::size_t waiting_max) {
        bool idle = false;
        {
            const std::scoped_lock lock(mutex);
            if (waiting.size() >= waiting_max) return false;
            waiting.push_back(std::move(event));
            idle = !std::exchange(draining, true);
        }
        if (idle) group.spawn("transient events of " + consumer, drain());
        return true;
    }

    std::optional<Event> pop() {
        const std::scoped_lock lock(mutex);
        if (waiting.empty()) {
            draining = false;
            return std::nullopt;
        }
        Event event = std::move(waiting.front());
        waiting.pop_front();
        return event;
    }

    Awaitable<void> drain() {
        while (auto event = pop()) {
            const std::string type = event->type;
            try {
                co_await handler(std::move(*event));
            } catch (const std::exception& failure) {
                log_warn("a transient event was lost",
                         {{"type", type}, {"consumer", consumer}, {"reason", std::string(failure.what())}});
            }
        }
    }
};

struct InProcessEventBus::State {
    std::size_t transient_max = 0;
    mutable std::mutex mutex;
    std::vector<std::shared_ptr<Subscriber>> subscribers;
    bool published = false;
    bool stopping = false;
    std::atomic<std::int64_t> dropped{0};

    std::vector<std::shared_ptr<Subscriber>> for_durable(const std::string& type) {
        const std::scoped_lock lock(mutex);
        if (stopping) throw Failure("the event bus is stopping");
        published = true;
        return all(type);
    }

    std::vector<std::shared_ptr<Subscriber>> for_transient(const std::string& type) const {
        const std::scoped_lock lock(mutex);
        return stopping ? std::vector<std::shared_ptr<Subscriber>>() : all(type);
    }

private:
    std::vector<std::shared_ptr<Subscriber>> all(const std::string& type) const {
        std::vector<std::shared_ptr<Subscriber>> wanted;
        std::ranges::copy_if(subscribers, std::back_inserter(wanted),
                             [&](const auto& subscriber) { return subscriber->wants(type); });
        return wanted;
    }
};

InProcessEventBus::InProcessEventBus(std::size_t transient_max) : state_(std::make_shared<State>()) {
    state_->transient_max = transient_max;
}

InProcessEventBus::~InProcessEventBus() = default;

void InProcessEventBus::subscribe(std::string consumer, std::vector<std::string> types, asio::any_io_executor executor,
                                  Handler handler) {
    auto subscriber =
        std::make_shared<Subscriber>(std::move(consumer), std::move(types), std::move(executor), std::move(handler));
    const std::scoped_lock lock(state_->mutex);
    // An outbox counts an event as sent when those who are there have taken it: who comes later would have lost it.
    if (state_->published) throw Failure("'" + subscriber->consumer + "' subscribes after the first event");
    state_->subscribers.push_back(std::move(subscriber));
}

Awaitable<void> InProcessEventBus::publish(Event event) {
    // One that fails must not keep the event from the others.
    std::exception_ptr first_error;
    for (const auto& subscriber : state_->for_durable(event.type)) {
        std::function<Awaitable<void>()> start = [subscriber, event] { return subscriber->handler(event); };
        try {
            co_await run_on(subscriber->executor, std::move(start));
        } catch (...) {
            if (!first_error) first_error = std::current_exception();
        }
    }
    if (first_error) std::rethrow_exception(first_error);
}

void InProcessEventBus::publish_transient(Event event) {
    for (const auto& subscriber : state_->for_transient(event.type))
        if (!subscriber->push(event, state_->transient_max)) ++state_->dropped;
}

Awaitable<void> InProcessEventBus::stop() {
    std::vector<std::shared_ptr<Subscriber>> subscribers;
    {
        const std::scoped_lock lock(state_->mutex);
        state_->stopping = true;
        subscribers = state_->subscribers;
    }
    for (const auto& subscriber : subscribers) {
        std::function<Awaitable<void>()> wait = [subscriber] { return subscriber->group.wait(); };
        co_await run_on(subscriber->executor, std::move(wait));
    }
}

std::int64_t InProcessEventBus::dropped() const { return state_->dropped; }

}  // namespace movio
