#include "sandbox/child_process.hpp"

#include <array>
#include <cerrno>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/error.hpp"

namespace movio::sandbox {
namespace {

constexpr std::size_t kErrorsKept = 4096;
constexpr int kPipeReadsMax = 16;  // a pipe holds 64 KiB

std::chrono::microseconds of(const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

ChildProcess::ChildProcess(SpawnedProcess process) : process_(std::move(process)) {}

ChildProcess::~ChildProcess() {
    if (reaped_) return;
    kill(KillReason::abandoned);
    siginfo_t info{};
    while (::waitid(P_PIDFD, static_cast<id_t>(process_.pidfd.get()), &info, WEXITED) != 0 && errno == EINTR) {
    }
}

void ChildProcess::kill(KillReason reason) {
    auto none = KillReason::none;
    reason_.compare_exchange_strong(none, reason);
    ::syscall(SYS_pidfd_send_signal, process_.pidfd.get(), SIGKILL, nullptr, 0U);
}

void ChildProcess::begin_excuse() { excused_since_ = std::chrono::steady_clock::now(); }

void ChildProcess::end_excuse() {
    if (excused_since_) excused_ += std::chrono::steady_clock::now() - *excused_since_;
    excused_since_.reset();
}

std::chrono::milliseconds ChildProcess::excused() const {
    auto time = excused_;
    if (excused_since_) time += std::chrono::steady_clock::now() - *excused_since_;
    return std::chrono::duration_cast<std::chrono::milliseconds>(time);
}

Awaitable<ExitStatus> ChildProcess::wait() {
    UniqueFd copy(::fcntl(process_.pidfd.get(), F_DUPFD_CLOEXEC, 0));
    if (!copy) throw Failure("Out of file descriptors; raise the limit of open files.");
    asio::posix::stream_descriptor ended(co_await asio::this_coro::executor, copy.release());
    siginfo_t info{};
    rusage usage{};
    for (;;) {
        info = {};
        // The kernel's own call: that of the C library does not give what the child used.
        const auto result =
            ::syscall(SYS_waitid, P_PIDFD, static_cast<id_t>(process_.pidfd.get()), &info, WEXITED | WNOHANG, &usage);
        if (result != 0 && errno != EINTR) throw Failure("The end of a media process was reaped by somebody else.");
        if (result == 0 && info.si_pid != 0) break;
        co_await ended.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    }
    reaped_ = true;
    co_return ExitStatus{info.si_code != CLD_EXITED, info.si_status, of(usage.ru_utime) + of(usage.ru_stime)};
}

void ChildProcess::drain_errors() {
    std::array<char, 4096> part{};
    for (int i = 0; i < kPipeReadsMax; ++i) {
        const auto got = ::read(process_.errors.get(), part.data(), part.size());
        if (got <= 0) return;
        errors_.append(part.data(), static_cast<std::size_t>(got));
        if (errors_.size() > kErrorsKept) errors_.erase(0, errors_.size() - kErrorsKept);
    }
}

}  // namespace movio::sandbox
