#include "sandbox/channel.hpp"

#include <chrono>
#include <utility>

#include "async/timing.hpp"

namespace movio::sandbox {

Channel::Channel(const asio::any_io_executor& executor, UniqueFd socket) : socket_(executor, socket.release()) {}

Awaitable<Channel::Received> Channel::receive() {
    Received received;
    for (;;) {
        received.outcome = receive_datagram(socket_.native_handle(), received.datagram);
        if (received.outcome != ReceiveOutcome::would_block) co_return received;
        co_await socket_.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    }
}

Awaitable<bool> Channel::send(std::string text, std::vector<int> fds) {
    for (;;) {
        const auto outcome = send_datagram(socket_.native_handle(), text, fds);
        if (outcome == SendOutcome::sent) co_return true;
        if (outcome == SendOutcome::closed) co_return false;
        if (outcome == SendOutcome::try_later) {
            co_await sleep_for(std::chrono::milliseconds(1));
            continue;
        }
        co_await socket_.async_wait(asio::posix::stream_descriptor::wait_write, asio::use_awaitable);
    }
}

}  // namespace movio::sandbox
