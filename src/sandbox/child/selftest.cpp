#include "sandbox/child/selftest.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/json.hpp"
#include "sandbox/protocol/agreement.hpp"

extern char** environ;

namespace movio::sandbox {
namespace {

struct Act {
    std::string name;
    bool denied = false;
    std::string how;
};

// The kernel's own answer, not what a library makes of it.
template <class... Arguments>
Act refused_call(std::string name, long call, Arguments... arguments) {
    errno = 0;
    const long result = ::syscall(call, arguments...);
    if (result >= 0) return {std::move(name), false, "allowed"};
    const int error = errno;
    // "No such file" would mean that it was looked for.
    const bool denied = error == EPERM || error == EACCES || error == ENOSYS;
    return {std::move(name), denied, ::strerrorname_np(error) == nullptr ? "?" : ::strerrorname_np(error)};
}

Act more_memory_than_allowed() {
    rlimit limit{};
    const bool known = ::getrlimit(RLIMIT_AS, &limit) == 0;
    if (!known || limit.rlim_cur == RLIM_INFINITY) return {kMemoryAct, false, "no limit is set"};
    void* memory = ::mmap(nullptr, limit.rlim_cur, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED) return {kMemoryAct, false, "allowed"};
    return {kMemoryAct, errno == ENOMEM, errno == ENOMEM ? "ENOMEM" : "another error"};
}

Act not_root() { return {"is not root", ::getuid() != 0 && ::geteuid() != 0, "uid " + std::to_string(::getuid())}; }

Act empty_environment() {
    const bool empty = environ == nullptr || *environ == nullptr;
    return {"has no environment", empty, empty ? "empty" : "not empty"};
}

Act no_further_descriptors() {
    constexpr int kLookedAt = 256;
    int open = 0;
    for (int fd = kSourceDescriptor + 1; fd < kLookedAt; ++fd) open += ::fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    return {"has no other descriptors", open == 0, std::to_string(open) + " open"};
}

Act dumps_no_core() {
    rlimit limit{};
    const bool none = ::getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0;
    return {"dumps no core", none, none ? "RLIMIT_CORE 0" : "limit is not 0"};
}

constexpr std::size_t kPage = 4096;

using DeadlyAct = void (*)();

void act_socket() { ::syscall(SYS_socket, AF_INET, SOCK_STREAM, 0); }
void act_connect() {
    const sockaddr_in target{AF_INET, htons(80), {htonl(INADDR_LOOPBACK)}, {}};
    ::syscall(SYS_connect, kChannelDescriptor, &target, sizeof target);
}
void act_bind() {
    const sockaddr_in target{AF_INET, 0, {htonl(INADDR_LOOPBACK)}, {}};
    ::syscall(SYS_bind, kChannelDescriptor, &target, sizeof target);
}
void act_execve() {
    std::array<char*, 1> none{nullptr};
    ::syscall(SYS_execve, "/bin/true", none.data(), none.data());
}
void act_execveat() {
    std::array<char*, 1> none{nullptr};
    ::syscall(SYS_execveat, AT_FDCWD, "/bin/true", none.data(), none.data(), 0);
}
// A new process: what fork() and posix_spawn() come down to.
void act_fork() {
    if (::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, 0UL) == 0) ::_exit(0);
}
void act_ptrace() { ::syscall(SYS_ptrace, PTRACE_ATTACH, ::getppid(), nullptr, nullptr); }
void act_process_vm_readv() { ::syscall(SYS_process_vm_readv, ::getppid(), nullptr, 0UL, nullptr, 0UL, 0UL); }
void act_process_vm_writev() { ::syscall(SYS_process_vm_writev, ::getppid(), nullptr, 0UL, nullptr, 0UL, 0UL); }
void act_io_uring() {
    std::array<std::byte, kPage> parameters{};
    ::syscall(SYS_io_uring_setup, 1U, parameters.data());
}

constexpr std::array<std::pair<std::string_view, DeadlyAct>, kDeadlyActs.size()> kActs{{
    {"socket", act_socket},
    {"connect", act_connect},
    {"bind", act_bind},
    {"execve", act_execve},
    {"execveat", act_execveat},
    {"fork", act_fork},
    {"ptrace", act_ptrace},
    {"process_vm_readv", act_process_vm_readv},
    {"process_vm_writev", act_process_vm_writev},
    {"io_uring", act_io_uring},
}};

static_assert(std::ranges::equal(kActs, kDeadlyActs, {}, [](const auto& act) { return act.first; }));

std::vector<Act> attempt_all() {
    std::vector<Act> acts;
    acts.push_back(refused_call("open /etc/passwd", SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY));
    acts.push_back(refused_call("open its own environ", SYS_openat, AT_FDCWD, "/proc/self/environ", O_RDONLY));
    acts.push_back(
        refused_call("write to /tmp", SYS_openat, AT_FDCWD, "/tmp/movio-selftest", O_CREAT | O_WRONLY, 0600));
    acts.push_back(refused_call("look at /etc/passwd", SYS_newfstatat, AT_FDCWD, "/etc/passwd", nullptr, 0));
    acts.push_back(refused_call("make a folder", SYS_mkdirat, AT_FDCWD, "/tmp/movio-selftest", 0700));
    acts.push_back(refused_call("remove a file", SYS_unlinkat, AT_FDCWD, "/tmp/movio-selftest", 0));
    acts.push_back(refused_call("signal its parent", SYS_kill, ::getppid(), 0));
    acts.push_back(refused_call("signal another thread", SYS_tgkill, ::getppid(), ::getppid(), 0));
    acts.push_back(refused_call("become root", SYS_setuid, 0));
    acts.push_back(refused_call("make a namespace", SYS_unshare, CLONE_NEWUSER));
    acts.push_back(refused_call("mount", SYS_mount, "none", "/tmp", "tmpfs", 0UL, nullptr));
    acts.push_back(refused_call("outlive its parent", SYS_prctl, PR_SET_PDEATHSIG, 0UL, 0UL, 0UL, 0UL));
    acts.push_back(refused_call("make executable memory", SYS_mmap, nullptr, kPage, PROT_READ | PROT_EXEC,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L));
    acts.push_back(refused_call("start a process by clone3", SYS_clone3, nullptr, 0UL));
    acts.push_back(refused_call("accept a connection", SYS_accept4, kChannelDescriptor, nullptr, nullptr, 0));
    acts.push_back(refused_call("aim signals by fcntl", SYS_fcntl, kChannelDescriptor, F_SETOWN, ::getppid()));
    acts.push_back(refused_call("raise a limit", SYS_prlimit64, 0, RLIMIT_CORE, &acts, nullptr));
    acts.push_back(more_memory_than_allowed());
    acts.push_back(not_root());
    acts.push_back(empty_environment());
    acts.push_back(no_further_descriptors());
    acts.push_back(dumps_no_core());
    return acts;
}

}  // namespace

std::string attempt_denied_acts() {
    JsonWriter out;
    out.begin_object().key("acts").begin_array();
    for (const Act& act : attempt_all()) {
        out.begin_object().member("act", act.name).member("denied", act.denied).member("how", act.how).end_object();
    }
    out.end_array().end_object();
    return out.take();
}

bool attempt_deadly_act(std::string_view act) {
    const auto found = std::ranges::find(kActs, act, &std::pair<std::string_view, DeadlyAct>::first);
    if (found == kActs.end()) return false;
    found->second();
    return true;
}

}  // namespace movio::sandbox
