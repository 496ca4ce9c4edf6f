#pragma once
#include <chrono>
#include <cstddef>
#include <string>

#include "async/timing.hpp"
#include "http/response.hpp"
#include "http/wire.hpp"

namespace movio::http {

// Events between their producer and one client, as text that is ready to send.
class EventQueue final : public EventSink {
public:
    explicit EventQueue(asio::any_io_executor executor) : wake_(std::move(executor)) {}

    bool send(ServerEvent event) override;
    bool is_open() const override { return open_; }
    // No more comes in; what is queued still goes out.
    void close();
    // Queued text, else after `heartbeat` a comment; empty when the queue is closed and empty.
    Awaitable<std::string> next(std::chrono::milliseconds heartbeat);

private:
    Signal wake_;
    std::string pending_;
    bool open_ = true;
};

// One event as HTML §9.2.5 writes it.
std::string to_text(const ServerEvent& event);

// Runs the producer and sends what it makes until either side ends or `queue` is closed; the producer has ended when
// this returns.
Awaitable<void> send_events(Wire& wire, const EventStream& stream, EventQueue& queue);

}  // namespace movio::http
