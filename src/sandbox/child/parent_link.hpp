#pragma once
#include <array>
#include <optional>
#include <vector>

#include "sandbox/protocol/datagram.hpp"
#include "sandbox/protocol/messages.hpp"

namespace movio::sandbox {

// The child's end of the channel (descriptor 3). One thread. When Movio is gone there is nothing left to do: every
// call then ends the process.
class ParentLink {
public:
    explicit ParentLink(int socket) : socket_(socket) {}

    void send(const ChildMessage& message, const std::vector<int>& fds = {});
    // The order, with its descriptors; the first message that the parent sends.
    OrderMessage receive_order(std::vector<UniqueFd>& fds);

    // Asks for a block; the answer arrives during a later `wait_…`.
    void request_block(const ReadRequest& request);
    // Bytes that arrived in that slot.
    std::size_t wait_block(int slot);
    // Returns when so many bytes of a growing source are there, or no more will come.
    Grown wait_grown(std::int64_t bytes);
    // Returns when the parent has taken all but `in_flight` of the artefacts sent.
    void wait_taken(int in_flight);
    void count_artefact() { ++artefacts_in_flight_; }
    // Returns when every answer that is under way has arrived.
    void settle();

private:
    void pump();

    int socket_;
    int artefacts_in_flight_ = 0;
    std::optional<Grown> grown_;
    struct Slot {
        bool waiting = false;
        std::size_t length = 0;
    };
    std::array<Slot, kWindowSlots> slots_;
};

}  // namespace movio::sandbox
