#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "async/asio.hpp"
#include "base/limits.hpp"
#include "ports/database.hpp"
#include "ports/event_bus.hpp"

namespace movio::ledger {

// Events that leave a service exactly when the change they tell of is committed. Thread-safe.
class Outbox {
public:
    Outbox();
    // Sends nothing by itself: the pump does. An event without id or time gets both.
    void append(SqlSession& session, Event event) const;
    // Called after each commit that appended something, on any thread; set by the pump.
    void on_appended(std::function<void()> wake);

private:
    struct State;
    std::shared_ptr<State> state_;
};

struct OutboxPumpOptions {
    std::chrono::milliseconds poll_every = limits::kPoll;
    std::chrono::milliseconds retry_first{200};
    std::chrono::milliseconds retry_max{10'000};
    std::chrono::hours keep_sent{24 * limits::kEventsKeptDays};
};

// Publishes what is in the outbox, oldest first, and marks it sent; what the bus refuses is tried again with growing
// pauses while events of other videos go on. An event may be published twice, never lost. One pump per database.
class OutboxPump {
public:
    // References must outlive the pump; all calls but those of the outbox come from the executor's thread.
    OutboxPump(Database& database, Outbox& outbox, EventBus& bus, asio::any_io_executor executor,
               OutboxPumpOptions options = {});
    // Only after `stop`.
    ~OutboxPump();
    OutboxPump(const OutboxPump&) = delete;
    OutboxPump& operator=(const OutboxPump&) = delete;

    void start();
    // Resumes when the event being published is through and nothing runs any more.
    Awaitable<void> stop();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace movio::ledger
