#include "http/event_queue.hpp"

#include <exception>

#include <boost/asio/this_coro.hpp>

#include "async/repeat.hpp"
#include "async/task_group.hpp"

namespace movio::http {
namespace {

// A client that is this far behind is cut off; it comes back and asks anew.
constexpr std::size_t kPendingBytesMax = 1 << 20;

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    for (const char c : value)
        if (c != '\r' && c != '\n') out += c;
    out += '\n';
}

Awaitable<void> produce(const EventStream& stream, EventQueue& queue) {
    // Closed also when the producer fails; the group logs the reason.
    struct Closing {
        EventQueue& queue;
        ~Closing() { queue.close(); }
    } const closing{queue};
    co_await stream.produce(queue);
}

Awaitable<void> close_without_caller(const EventStream& stream, EventQueue& queue) {
    if (!co_await stream.caller_counts()) queue.close();
}

Awaitable<void> watch(Wire& wire, EventQueue& queue) {
    if (co_await wire.wait_for_end()) {
        wire.cut();
        queue.close();
    }
}

// What cannot be found out now is asked again: a database that is away must not end every stream at once.
Awaitable<void> watch_caller(const EventStream& stream, EventQueue& queue) {
    return repeat_every(stream.caller_checked_every, "checking who reads a stream",
                        [&stream, &queue] { return close_without_caller(stream, queue); });
}

Awaitable<void> pump(Wire& wire, EventQueue& queue, std::chrono::milliseconds heartbeat) {
    for (;;) {
        const auto text = co_await queue.next(heartbeat);
        if (text.empty() || !co_await wire.write(text)) co_return;
    }
}

}  // namespace

std::string to_text(const ServerEvent& event) {
    std::string out;
    if (!event.id.empty()) append_field(out, "id", event.id);
    if (!event.type.empty()) append_field(out, "event", event.type);
    std::string_view data = event.data;
    for (;;) {
        const auto end = data.find('\n');
        append_field(out, "data", data.substr(0, end));
        if (end == std::string_view::npos) break;
        data.remove_prefix(end + 1);
    }
    out += '\n';
    return out;
}

bool EventQueue::send(ServerEvent event) {
    if (!open_) return false;
    pending_ += to_text(event);
    if (pending_.size() > kPendingBytesMax) {
        pending_.clear();
        open_ = false;
    }
    wake_.notify();
    return open_;
}

void EventQueue::close() {
    open_ = false;
    wake_.notify();
}

Awaitable<std::string> EventQueue::next(std::chrono::milliseconds heartbeat) {
    if (pending_.empty() && open_) co_await wake_.wait_for(heartbeat);
    if (pending_.empty() && open_) co_return ": \n\n";
    co_return std::exchange(pending_, {});
}

Awaitable<void> send_events(Wire& wire, const EventStream& stream, EventQueue& queue) {
    TaskGroup group(co_await asio::this_coro::executor);
    group.spawn("event producer", produce(stream, queue));
    group.spawn("event client", watch(wire, queue));
    if (stream.caller_counts) group.spawn("event caller", watch_caller(stream, queue));
    std::exception_ptr failed;
    try {
        co_await pump(wire, queue, stream.heartbeat);
    } catch (...) {
        failed = std::current_exception();
    }
    // A cancelled connection must still wait for its own coroutines.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    queue.close();
    group.cancel_all();
    co_await group.wait();
    if (failed) std::rethrow_exception(failed);
}

}  // namespace movio::http
