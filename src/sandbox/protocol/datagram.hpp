#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "sandbox/protocol/unique_fd.hpp"

namespace movio::sandbox {

// The wire between Movio and a media process: a SOCK_SEQPACKET pair. One datagram is one JSON text with up to two
// descriptors (SCM_RIGHTS, unix(7)); bulk data is in sealed memfds. Nothing here throws or waits beyond the call.

inline constexpr std::size_t kDatagramBytesMax = 64U << 10;
inline constexpr std::size_t kDatagramFdsMax = 2;

struct Datagram {
    std::string text;
    std::vector<UniqueFd> fds;
};

enum class ReceiveOutcome {
    received,
    would_block,
    closed,     // the other end is gone, or sent an empty datagram, which nobody of ours does
    oversized,  // larger than kDatagramBytesMax or with more than kDatagramFdsMax descriptors; all of it is dropped
};

enum class SendOutcome {
    sent,
    would_block,  // the other end has not read enough
    try_later,    // this user has as many descriptors under way as he may; they arrive soon
    closed,
};

// Both ends, close-on-exec; the first one, for the parent, is non-blocking. nullopt with errno set.
std::optional<std::pair<UniqueFd, UniqueFd>> make_channel();

// `fds` stay the caller's. A blocking descriptor blocks.
SendOutcome send_datagram(int socket, std::string_view text, std::vector<int> fds = {});
ReceiveOutcome receive_datagram(int socket, Datagram& into);

// A memfd with these bytes that can never change again. Without a descriptor: errno says why.
UniqueFd make_sealed_memfd(const char* name, ByteView bytes);

// Why what the other side sent as a memfd is not one that can be read safely.
enum class MemfdFault { none, not_a_memfd, not_sealed, wrong_size, unreadable };

// Reads a memfd of exactly `bytes_expected` bytes whose size and content are sealed. `bytes_max` bounds what is
// allocated; nothing is read before kind, seals and size are known to be right.
MemfdFault read_sealed_memfd(int fd, std::size_t bytes_expected, std::size_t bytes_max, Bytes& into);

// A shared area of fixed size (sealed against shrinking, so that nobody can be killed by SIGBUS). The parent only
// writes into it, the child only reads. Without a descriptor: errno says why.
UniqueFd make_window(std::size_t bytes);

}  // namespace movio::sandbox
