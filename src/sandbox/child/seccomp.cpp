#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "sandbox/child/policy.hpp"

#include "base/error.hpp"

namespace movio::sandbox {
namespace {

struct Release {
    void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

// What decoding, encoding, threads, memory and the channel need. Everything else answers EPERM, so that a library which
// tries something harmless (a time zone file, a CPU list) goes on without it.
constexpr std::array kAllowed{
    // Descriptors that are open already.
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(memfd_create),
    SCMP_SYS(sendmsg),
    SCMP_SYS(recvmsg),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    // Memory.
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    // Threads.
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(membarrier),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    // Signals to oneself.
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    // Time, chance, who am I.
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrandom),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getppid),
    SCMP_SYS(sysinfo),
    SCMP_SYS(getrusage),
#if defined(MOVIO_SANITIZED)
    // The sanitizers find out by writing to a pipe whether memory can be read.
    SCMP_SYS(pipe),
    SCMP_SYS(pipe2),
#endif
};

// No honest media process tries these: it is somebody else's code by then.
constexpr std::array kDeadly{
    SCMP_SYS(socket),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
};

// fcntl could also aim signals at other processes (F_SETOWN, F_SETSIG).
constexpr std::array kFcntlCommands{F_GETFD, F_SETFD, F_GETFL, F_ADD_SEALS, F_GET_SEALS};

// prctl could also take back the signal that ends us with Movio (PR_SET_PDEATHSIG).
constexpr std::array<unsigned long, 3> kPrctlCommands{PR_SET_NAME, PR_GET_NAME, 0x53564d41UL /* PR_SET_VMA */};

class Builder {
public:
    explicit Builder(void* filter) : filter_(filter) {}

    // Calls that this machine's architecture does not have carry negative numbers and need no rule.
    template <class... Conditions>
    void rule(std::uint32_t action, int call, Conditions... conditions) {
        if (call < 0 || failed_ != 0) return;
        const std::array<scmp_arg_cmp, sizeof...(conditions)> list{conditions...};
        failed_ = seccomp_rule_add_array(filter_, action, call, static_cast<unsigned>(list.size()), list.data());
    }
    int failed() const { return -failed_; }

private:
    void* filter_;
    int failed_ = 0;
};

scmp_arg_cmp equals(unsigned argument, std::uint64_t value) { return {argument, SCMP_CMP_EQ, value, 0}; }
scmp_arg_cmp masked(unsigned argument, std::uint64_t mask, std::uint64_t value) {
    return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

void add_rules(Builder& add) {
    for (const int call : kAllowed) add.rule(SCMP_ACT_ALLOW, call);
    for (const int call : kDeadly) add.rule(SCMP_ACT_KILL_PROCESS, call);
    for (const int command : kFcntlCommands) {
        add.rule(SCMP_ACT_ALLOW, SCMP_SYS(fcntl), equals(1, static_cast<std::uint64_t>(command)));
    }
    for (const auto command : kPrctlCommands) add.rule(SCMP_ACT_ALLOW, SCMP_SYS(prctl), equals(0, command));
    // A new thread, never a new process. clone3 hides its flags behind a pointer; told that there is none, libc takes
    // clone.
    add.rule(SCMP_ACT_ALLOW, SCMP_SYS(clone), masked(0, CLONE_THREAD, CLONE_THREAD));
    add.rule(SCMP_ACT_KILL_PROCESS, SCMP_SYS(clone), masked(0, CLONE_THREAD, 0));
    add.rule(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3));
    // No memory that can be executed is ever made.
    add.rule(SCMP_ACT_ALLOW, SCMP_SYS(mmap), masked(2, PROT_EXEC, 0));
    add.rule(SCMP_ACT_ALLOW, SCMP_SYS(mprotect), masked(2, PROT_EXEC, 0));
    // abort() signals its own thread; limits may be read, not set.
    add.rule(SCMP_ACT_ALLOW, SCMP_SYS(tgkill), equals(0, static_cast<std::uint64_t>(::getpid())));
    add.rule(SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), equals(0, 0), equals(2, 0));
}

}  // namespace

Result<void> apply_seccomp() {
    const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
    if (!filter) return fail(ErrorCode::internal, "The kernel has no seccomp filter.");
    // Another ABI of the same machine (x32, i386) numbers its calls differently.
    seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1);
    seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
    Builder builder(filter.get());
    add_rules(builder);
    int error = builder.failed();
    if (error == 0) error = -seccomp_load(filter.get());
    if (error != 0) {
        return fail(ErrorCode::internal, "The media process cannot confine itself with seccomp.",
                    system_message(error));
    }
    return {};
}

}  // namespace movio::sandbox
