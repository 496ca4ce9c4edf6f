#include "sandbox/protocol/datagram.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace movio::sandbox {
namespace {

constexpr int kContentSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

// Newer than Debian 12's headers; a kernel that does not know it answers EINVAL.
constexpr unsigned kMfdNoexecSeal = 0x0008U;

UniqueFd create_memfd(const char* name) {
    const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    UniqueFd fd(::memfd_create(name, flags | kMfdNoexecSeal));
    if (!fd && errno == EINVAL) fd.reset(::memfd_create(name, flags));
    return fd;
}

bool write_all(int fd, ByteView bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

// fstat of glibc 2.33 and later is newfstatat, which could look at any path and is forbidden in the child.
bool plain_fstat(int fd, struct stat& into) {
#if defined(SYS_fstat)
    return ::syscall(SYS_fstat, fd, &into) == 0;
#else
    return ::fstat(fd, &into) == 0;
#endif
}

void collect_fds(msghdr& header, std::vector<UniqueFd>& into) {
    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof fd);
            into.emplace_back(fd);
        }
    }
}

}  // namespace

std::optional<std::pair<UniqueFd, UniqueFd>> make_channel() {
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) return std::nullopt;
    std::pair<UniqueFd, UniqueFd> channel{UniqueFd(ends[0]), UniqueFd(ends[1])};
    if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return std::nullopt;
    return channel;
}

SendOutcome send_datagram(int socket, std::string_view text, std::vector<int> fds) {
    iovec part{const_cast<char*>(text.data()), text.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(kDatagramFdsMax * sizeof(int))> control{};
    if (!fds.empty()) {
        header.msg_control = control.data();
        header.msg_controllen = CMSG_SPACE(fds.size() * sizeof(int));
        cmsghdr* rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
        std::memcpy(CMSG_DATA(rights), fds.data(), fds.size() * sizeof(int));
    }
    for (;;) {
        if (::sendmsg(socket, &header, MSG_NOSIGNAL) >= 0) return SendOutcome::sent;
        if (errno == EINTR) continue;
        if (errno == ETOOMANYREFS) return SendOutcome::try_later;
        if (errno == EAGAIN || errno == EWOULDBLOCK) return SendOutcome::would_block;
        return SendOutcome::closed;
    }
}

ReceiveOutcome receive_datagram(int socket, Datagram& into) {
    into.fds.clear();
    into.text.resize(kDatagramBytesMax);
    iovec part{into.text.data(), into.text.size()};
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(kDatagramFdsMax * sizeof(int))> control{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    ssize_t length = -1;
    do {
        length = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
        // ECONNRESET comes once, from an end that is gone without having read everything; what it said before follows.
    } while (length < 0 && (errno == EINTR || errno == ECONNRESET));
    if (length < 0) {
        into.text.clear();
        return errno == EAGAIN || errno == EWOULDBLOCK ? ReceiveOutcome::would_block : ReceiveOutcome::closed;
    }
    collect_fds(header, into.fds);
    into.text.resize(static_cast<std::size_t>(length));
    if (length == 0) return ReceiveOutcome::closed;
    if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
        into.fds.clear();
        return ReceiveOutcome::oversized;
    }
    return ReceiveOutcome::received;
}

UniqueFd make_sealed_memfd(const char* name, ByteView bytes) {
    UniqueFd fd = create_memfd(name);
    if (!fd || !write_all(fd.get(), bytes)) return UniqueFd();
    if (::fcntl(fd.get(), F_ADD_SEALS, kContentSeals | F_SEAL_SEAL) != 0) return UniqueFd();
    return fd;
}

MemfdFault read_sealed_memfd(int fd, std::size_t bytes_expected, std::size_t bytes_max, Bytes& into) {
    const int seals = ::fcntl(fd, F_GET_SEALS);
    if (seals < 0) return MemfdFault::not_a_memfd;
    if ((seals & kContentSeals) != kContentSeals) return MemfdFault::not_sealed;
    struct stat status{};
    if (!plain_fstat(fd, status)) return MemfdFault::unreadable;
    if (bytes_expected > bytes_max || status.st_size != static_cast<off_t>(bytes_expected))
        return MemfdFault::wrong_size;
    into.resize(bytes_expected);
    std::size_t done = 0;
    while (done < bytes_expected) {
        const auto got = ::pread(fd, into.data() + done, bytes_expected - done, static_cast<off_t>(done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return MemfdFault::unreadable;
        done += static_cast<std::size_t>(got);
    }
    return MemfdFault::none;
}

UniqueFd make_window(std::size_t bytes) {
    UniqueFd fd = create_memfd("movio-window");
    if (!fd || ::ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0) return UniqueFd();
    if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) return UniqueFd();
    return fd;
}

}  // namespace movio::sandbox
