#include "sandbox/spawn_child.hpp"

#include <cerrno>
#include <csignal>
#include <cstddef>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

// glibc's clone(2) by its other name: the sanitizers wrap `clone` for a child with memory of its own.
extern "C" int __clone(int (*function)(void*), void* stack, int flags, void* argument, ...);

// The child shares our memory until exec, as with vfork: starting one costs the same however large the server is.
// So it runs on a stack of its own, calls the kernel directly (glibc's setuid would signal every thread of the
// *server*), touches nothing but its ChildStart, and is not instrumented.
#define MOVIO_BEFORE_EXEC __attribute__((disable_sanitizer_instrumentation, no_stack_protector, noinline))

namespace movio::sandbox {
namespace {

constexpr std::size_t kStackBytes = 64U << 10;
constexpr int kSignals = 64;
constexpr long kNiceFromKernel = 20;  // getpriority(2): the system call answers 20 - nice

// The kernel's struct sigaction (signal(7)); all zero is SIG_DFL.
struct KernelSigaction {
    void (*handler)(int) = SIG_DFL;
    unsigned long flags = 0;
    void (*restorer)() = nullptr;
    unsigned long mask = 0;
};

struct Context {
    ChildStart* start = nullptr;
    pid_t parent = -1;
};

MOVIO_BEFORE_EXEC bool failed(ChildStart& start, const char* step) {
    start.error = errno;
    start.failed_step = step;
    return false;
}

// Handlers go at exec, ignored signals stay ignored: what a terminal or a service manager sends to the whole group is
// the parent's to act on.
MOVIO_BEFORE_EXEC void reset_signals() {
    for (int number = 1; number <= kSignals; ++number) {
        KernelSigaction action;
        const bool ours =
            number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGPIPE || number == SIGQUIT;
        if (ours) action.handler = SIG_IGN;
        ::syscall(SYS_rt_sigaction, number, &action, nullptr, sizeof action.mask);
    }
    const unsigned long none = 0;
    ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, sizeof none);
}

MOVIO_BEFORE_EXEC bool place_descriptors(ChildStart& start) {
    for (std::size_t i = 0; i < start.places.size(); ++i) {
        const int fd = start.places[i];
        if (fd >= 0 && ::syscall(SYS_dup3, fd, static_cast<int>(i), 0) < 0) return failed(start, "dup3");
    }
    // Closed by exec itself, so that the executable can still be reached.
    const unsigned first = start.places.back() >= 0 ? 5U : 4U;
    if (::syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_CLOEXEC) != 0) return failed(start, "close_range");
    return true;
}

// Best effort: a container may not let us, and it is a preference only.
MOVIO_BEFORE_EXEC void set_oom_score(const char* score) {
    const long fd = ::syscall(SYS_openat, AT_FDCWD, "/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    std::size_t length = 0;
    while (score[length] != '\0') ++length;
    ::syscall(SYS_write, fd, score, length);
    ::syscall(SYS_close, fd);
}

MOVIO_BEFORE_EXEC bool change_user(ChildStart& start) {
    if (::syscall(SYS_setgroups, 0UL, nullptr) != 0) return failed(start, "setgroups");
    if (::syscall(SYS_setresgid, start.gid, start.gid, start.gid) != 0) return failed(start, "setresgid");
    if (::syscall(SYS_setresuid, start.uid, start.uid, start.uid) != 0) return failed(start, "setresuid");
    return true;
}

MOVIO_BEFORE_EXEC bool set_limits(ChildStart& start) {
    for (const ChildLimit& wanted : start.limits) {
        rlimit limit{wanted.value, wanted.value};
        if (wanted.value == RLIM_INFINITY) continue;
        if (::syscall(SYS_prlimit64, 0, wanted.resource, &limit, nullptr) == 0) continue;
        // Ours may be lower already and then we may not raise it: leave that one.
        if (errno != EPERM) return failed(start, "setrlimit");
        rlimit present{};
        ::syscall(SYS_prlimit64, 0, wanted.resource, nullptr, &present);
        if (present.rlim_max > wanted.value) return failed(start, "setrlimit");
    }
    return true;
}

// After the change of user, which clears the signal. The parent may have ended just before.
MOVIO_BEFORE_EXEC bool die_with_parent(ChildStart& start, pid_t parent) {
    if (::syscall(SYS_prctl, PR_SET_PDEATHSIG, static_cast<unsigned long>(SIGKILL), 0UL, 0UL, 0UL) != 0) {
        return failed(start, "prctl");
    }
    return ::syscall(SYS_getppid) == parent;
}

MOVIO_BEFORE_EXEC bool prepare(ChildStart& start, pid_t parent) {
    reset_signals();
    set_oom_score(start.oom_score);
    if (!place_descriptors(start)) return false;
    if (start.change_user && !change_user(start)) return false;
    if (!set_limits(start) || !die_with_parent(start, parent)) return false;
    // Best effort, all of these. The nice value is relative to ours, which the child has until here.
    if (start.set_cpus) ::syscall(SYS_sched_setaffinity, 0, sizeof start.cpus, &start.cpus);
    if (start.niceness != 0) {
        const long present = kNiceFromKernel - ::syscall(SYS_getpriority, PRIO_PROCESS, 0);
        ::syscall(SYS_setpriority, PRIO_PROCESS, 0, present + start.niceness);
    }
    if (start.idle) {
        const sched_param parameters{};
        ::syscall(SYS_sched_setscheduler, 0, SCHED_IDLE, &parameters);
    }
    return true;
}

MOVIO_BEFORE_EXEC int child(void* argument) {
    auto& context = *static_cast<Context*>(argument);
    ChildStart& start = *context.start;
    if (prepare(start, context.parent)) {
        char name[] = "movio-media";
        char* const arguments[] = {name, nullptr};
        char* const environment[] = {nullptr};
        ::syscall(SYS_execveat, start.executable, "", arguments, environment, AT_EMPTY_PATH);
        failed(start, "execveat");
    }
    ::syscall(SYS_exit_group, 127);
    return 127;
}

class Stack {
public:
    Stack()
        : memory_(
              ::mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0)) {}
    ~Stack() {
        if (usable()) ::munmap(memory_, kStackBytes);
    }
    Stack(const Stack&) = delete;
    Stack& operator=(const Stack&) = delete;
    bool usable() const { return memory_ != MAP_FAILED; }
    void* top() const { return static_cast<std::byte*>(memory_) + kStackBytes; }

private:
    void* memory_;
};

// No handler of the server may run in the child while it shares the server's memory.
class AllSignalsBlocked {
public:
    AllSignalsBlocked() {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~AllSignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    AllSignalsBlocked(const AllSignalsBlocked&) = delete;
    AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;

private:
    sigset_t before_{};
};

}  // namespace

pid_t start_child(ChildStart& start, UniqueFd& pidfd) {
    const Stack stack;
    if (!stack.usable()) {
        failed(start, "mmap");
        return -1;
    }
    Context context{&start, ::getpid()};
    int raw_pidfd = -1;
    pid_t pid = -1;
    {
        const AllSignalsBlocked blocked;
        pid = ::__clone(child, stack.top(), CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &context, &raw_pidfd);
    }
    if (pid < 0) {
        failed(start, "clone");
        return -1;
    }
    pidfd.reset(raw_pidfd);
    if (start.error == 0) return pid;
    siginfo_t ended{};
    ::waitid(P_PIDFD, static_cast<id_t>(raw_pidfd), &ended, WEXITED);
    return -1;
}

}  // namespace movio::sandbox
