#include "sandbox/child/parent_link.hpp"

#include <algorithm>
#include <ctime>

namespace movio::sandbox {
namespace {

constexpr int kExitParentGone = 3;

[[noreturn]] void leave() { ::_exit(kExitParentGone); }

ParentMessage receive(int socket, Datagram& datagram) {
    if (receive_datagram(socket, datagram) != ReceiveOutcome::received) leave();
    auto message = parent_message_from_json(datagram.text);
    if (!message) leave();
    return std::move(*message);
}

}  // namespace

void ParentLink::send(const ChildMessage& message, const std::vector<int>& fds) {
    const std::string text = to_json(message);
    for (;;) {
        const auto outcome = send_datagram(socket_, text, fds);
        if (outcome == SendOutcome::sent) return;
        if (outcome == SendOutcome::closed) leave();
        const timespec pause{0, 1'000'000};
        ::nanosleep(&pause, nullptr);
    }
}

OrderMessage ParentLink::receive_order(std::vector<UniqueFd>& fds) {
    Datagram datagram;
    auto message = receive(socket_, datagram);
    auto* order = std::get_if<OrderMessage>(&message);
    if (order == nullptr) leave();
    fds = std::move(datagram.fds);
    return std::move(*order);
}

void ParentLink::request_block(const ReadRequest& request) {
    slots_.at(static_cast<std::size_t>(request.slot)).waiting = true;
    send(request);
}

std::size_t ParentLink::wait_block(int slot) {
    const auto& wanted = slots_.at(static_cast<std::size_t>(slot));
    while (wanted.waiting) pump();
    return wanted.length;
}

Grown ParentLink::wait_grown(std::int64_t bytes) {
    grown_.reset();
    send(WaitRequest{bytes});
    while (!grown_) pump();
    return *grown_;
}

void ParentLink::wait_taken(int in_flight) {
    while (artefacts_in_flight_ > in_flight) pump();
}

void ParentLink::settle() {
    wait_taken(0);
    while (std::ranges::any_of(slots_, &Slot::waiting)) pump();
}

void ParentLink::pump() {
    Datagram datagram;
    const auto message = receive(socket_, datagram);
    if (const auto* data = std::get_if<Data>(&message)) {
        auto& slot = slots_.at(static_cast<std::size_t>(data->slot));
        slot = {false, static_cast<std::size_t>(data->length)};
    } else if (const auto* grown = std::get_if<Grown>(&message)) {
        grown_ = *grown;
    } else if (std::holds_alternative<Taken>(message)) {
        --artefacts_in_flight_;
    } else {
        leave();
    }
}

}  // namespace movio::sandbox
