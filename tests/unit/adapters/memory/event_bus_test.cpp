#include "adapters/memory/event_bus.hpp"

#include <atomic>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "async/timing.hpp"
#include "base/error.hpp"
#include "support/coroutines.hpp"

namespace movio {
namespace {

Awaitable<void> nothing() { co_return; }

Awaitable<void> end_later(bool& ended) {
    co_await sleep_for(std::chrono::milliseconds(20));
    ended = true;
}

Event event() { return {.id = EventId::make(), .type = "x"}; }

// A service on a thread of its own.
class Service {
public:
    asio::any_io_executor executor() { return context_.get_executor(); }
    std::thread::id id() const { return thread_.get_id(); }
    void end() {
        work_.reset();
        thread_.join();
    }

private:
    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
    std::thread thread_{[this] { context_.run(); }};
};

TEST(InProcessEventBus, Handlers_run_on_the_thread_of_their_consumer_and_publish_resumes_on_its_own) {
    Service service;
    InProcessEventBus bus;
    test::Loop loop;
    std::atomic<std::thread::id> handled;
    bus.subscribe("worker", {"x"}, service.executor(), [&](Event) {
        handled = std::this_thread::get_id();
        return nothing();
    });
    for (int i = 0; i < 100; ++i) {
        loop.run(bus.publish(event()));
        EXPECT_EQ(handled.load(), service.id());
    }
    loop.run(bus.stop());
    service.end();
}

TEST(InProcessEventBus, Transient_events_come_in_order_and_the_newest_is_dropped_when_full) {
    test::Loop loop;
    InProcessEventBus bus(3);
    std::vector<EventId> handled;
    bus.subscribe("api", {"x"}, loop.executor(), [&](Event taken) {
        handled.push_back(taken.id);
        return nothing();
    });
    std::vector<EventId> sent;
    for (int i = 0; i < 5; ++i) {
        const auto one = event();
        sent.push_back(one.id);
        bus.publish_transient(one);
    }
    loop.run(bus.stop());
    EXPECT_EQ(handled, std::vector(sent.begin(), sent.begin() + 3));
    EXPECT_EQ(bus.dropped(), 2);
}

TEST(InProcessEventBus, Handler_may_publish_a_transient_event_to_itself) {
    test::Loop loop;
    InProcessEventBus bus;
    int handled = 0;
    bus.subscribe("api", {"x"}, loop.executor(), [&](Event) {
        if (++handled < 3) bus.publish_transient(event());
        return nothing();
    });
    bus.publish_transient(event());
    while (handled < 3) loop.run(sleep_for(std::chrono::milliseconds(1)));
    loop.run(bus.stop());
    EXPECT_EQ(handled, 3);
}

TEST(InProcessEventBus, Stop_waits_for_what_is_being_handled_and_then_refuses) {
    test::Loop loop;
    InProcessEventBus bus;
    bool ended = false;
    bus.subscribe("api", {"x"}, loop.executor(), [&](Event) { return end_later(ended); });
    bus.publish_transient(event());
    loop.run(sleep_for(std::chrono::milliseconds(1)));
    loop.run(bus.stop());
    EXPECT_TRUE(ended);
    EXPECT_THROW(loop.run(bus.publish(event())), Failure);
    bus.publish_transient(event());
}

}  // namespace
}  // namespace movio
