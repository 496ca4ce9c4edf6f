#pragma once
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "async/asio.hpp"
#include "sandbox/protocol/datagram.hpp"

namespace movio::sandbox {

// The parent's end of the channel, awaitable. One executor; one receive at a time.
class Channel {
public:
    Channel(const asio::any_io_executor& executor, UniqueFd socket);

    struct Received {
        ReceiveOutcome outcome = ReceiveOutcome::closed;  // never would_block
        Datagram datagram;
    };
    Awaitable<Received> receive();
    // False when the child is gone; what it said before can still be received.
    Awaitable<bool> send(std::string text, std::vector<int> fds);

private:
    asio::posix::stream_descriptor socket_;
};

}  // namespace movio::sandbox
