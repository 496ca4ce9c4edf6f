#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "ports/event_bus.hpp"

namespace movio {

// Events between the services of one process. Handlers run on the executor of their consumer: durable events one call
// each, awaited by the publisher; transient ones in order, one at a time, from a bounded queue that drops the newest.
class InProcessEventBus final : public EventBus {
public:
    explicit InProcessEventBus(std::size_t transient_max = limits::kTransientEventsMax);
    // Only after `stop`.
    ~InProcessEventBus() override;

    Awaitable<void> publish(Event event) override;
    void publish_transient(Event event) override;
    void subscribe(std::string consumer, std::vector<std::string> types, asio::any_io_executor executor,
                   Handler handler) override;

    // Takes no more events; resumes when no handler runs. The executors of all consumers must still be running.
    Awaitable<void> stop();
    std::int64_t dropped() const;

private:
    struct Subscriber;
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace movio
