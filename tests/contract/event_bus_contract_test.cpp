// What every EventBus promises. A new adapter joins by adding its case at the end.
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/this_coro.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/memory/event_bus.hpp"
#include "async/timing.hpp"
#include "base/error.hpp"
#include "support/coroutines.hpp"

namespace movio {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Opened {
    std::unique_ptr<EventBus> bus;
    std::function<Awaitable<void>()> stop;
};

struct EventBusCase {
    std::string name;
    Opened (*open)();
};

class EventBusContract : public testing::TestWithParam<EventBusCase> {
protected:
    void TearDown() override { loop_.run(opened_.stop()); }

    static Event event(std::string type) { return {.id = EventId::make(), .type = std::move(type), .time_us = 1'000}; }

    // Keeps the types it is given, `times` refused first.
    EventBus::Handler keeper(std::vector<std::string>& kept, int refused = 0) {
        auto left = std::make_shared<int>(refused);
        return [&kept, left](Event taken) { return keep(kept, left, std::move(taken)); };
    }
    static Awaitable<void> keep(std::vector<std::string>& kept, std::shared_ptr<int> left, Event taken) {
        co_await sleep_for(std::chrono::milliseconds(1));
        if ((*left)-- > 0) throw Failure("not now");
        kept.push_back(taken.type);
    }
    // Lets what was started on the loop go on.
    void wait_until(const std::function<bool()>& condition) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!condition() && std::chrono::steady_clock::now() < end)
            loop_.run(sleep_for(std::chrono::milliseconds(1)));
        EXPECT_TRUE(condition());
    }
    void subscribe(std::string consumer, std::vector<std::string> types, EventBus::Handler handler) {
        opened_.bus->subscribe(std::move(consumer), std::move(types), loop_.executor(), std::move(handler));
    }

    test::Loop loop_;
    Opened opened_ = GetParam().open();
};

TEST_P(EventBusContract, Publish_resumes_when_every_subscriber_has_taken_it) {
    std::vector<std::string> api, worker;
    subscribe("api", {"video.planned", "video.failed"}, keeper(api));
    subscribe("worker", {"video.planned"}, keeper(worker));
    loop_.run(opened_.bus->publish(event("video.planned")));
    EXPECT_THAT(api, ElementsAre("video.planned"));
    EXPECT_THAT(worker, ElementsAre("video.planned"));
    loop_.run(opened_.bus->publish(event("video.failed")));
    EXPECT_THAT(api, ElementsAre("video.planned", "video.failed"));
    EXPECT_THAT(worker, ElementsAre("video.planned"));
}

TEST_P(EventBusContract, Event_that_nobody_wants_is_published) {
    loop_.run(opened_.bus->publish(event("user.created")));
}

// An outbox takes an event as sent when `publish` returns.
TEST_P(EventBusContract, Consumer_that_comes_too_late_for_an_event_gets_it_or_is_refused) {
    std::vector<std::string> late;
    loop_.run(opened_.bus->publish(event("video.submitted")));
    try {
        subscribe("worker", {"video.submitted"}, keeper(late));
    } catch (const Failure&) {
        return;
    }
    wait_until([&] { return !late.empty(); });
}

TEST_P(EventBusContract, Refused_event_throws_and_still_reaches_the_others) {
    std::vector<std::string> first, second;
    subscribe("api", {"x"}, keeper(first, 1));
    subscribe("worker", {"x"}, keeper(second));
    EXPECT_THROW(loop_.run(opened_.bus->publish(event("x"))), Failure);
    EXPECT_THAT(first, IsEmpty());
    EXPECT_THAT(second, ElementsAre("x"));
    loop_.run(opened_.bus->publish(event("x")));
    EXPECT_THAT(first, ElementsAre("x"));
}

TEST_P(EventBusContract, Event_arrives_as_it_was_sent) {
    Event sent = event("video.submitted");
    sent.video = VideoId::make();
    sent.revision = 3;
    sent.data = R"({"bytes":7})";
    Event taken;
    subscribe("worker", {"video.submitted"}, [&taken](Event got) {
        taken = std::move(got);
        return sleep_for(std::chrono::milliseconds(0));
    });
    loop_.run(opened_.bus->publish(sent));
    EXPECT_EQ(taken.id, sent.id);
    EXPECT_EQ(taken.video, sent.video);
    EXPECT_EQ(taken.revision, 3);
    EXPECT_EQ(taken.time_us, sent.time_us);
    EXPECT_EQ(taken.data, sent.data);
}

TEST_P(EventBusContract, Transient_events_arrive_from_any_thread) {
    std::vector<std::string> kept;
    subscribe("api", {"segment.stored"}, keeper(kept));
    std::thread([this] { opened_.bus->publish_transient(event("segment.stored")); }).join();
    opened_.bus->publish_transient(event("segment.wanted"));
    wait_until([&] { return !kept.empty(); });
    EXPECT_THAT(kept, ElementsAre("segment.stored"));
}

TEST_P(EventBusContract, Transient_event_that_fails_is_lost_and_the_next_arrives) {
    std::vector<std::string> kept;
    subscribe("api", {"a", "b"}, keeper(kept, 1));
    opened_.bus->publish_transient(event("a"));
    opened_.bus->publish_transient(event("b"));
    wait_until([&] { return !kept.empty(); });
    EXPECT_THAT(kept, ElementsAre("b"));
}

Opened open_in_process() {
    auto bus = std::make_unique<InProcessEventBus>();
    auto* raw = bus.get();
    return {std::move(bus), [raw] { return raw->stop(); }};
}

INSTANTIATE_TEST_SUITE_P(Adapters, EventBusContract, testing::Values(EventBusCase{"InProcess", open_in_process}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace movio
