#include "sandbox/spawn.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "sandbox/protocol/datagram.hpp"
#include "sandbox/spawn_child.hpp"

namespace movio::sandbox {
namespace {

// Own memory files are all that a child opens; one in use at a time, two under way, the order, the window.
constexpr rlim_t kDescriptorsMax = 64;
// The kernel kills the largest process first when memory runs out; children before the server.
constexpr const char* kOomScore = "500";

// Above 0–4, so that putting descriptors into their places overwrites none that is still needed.
constexpr int kAbovePlaces = 16;

UniqueFd moved_up(UniqueFd fd) {
    if (!fd || fd.get() >= kAbovePlaces) return fd;
    return UniqueFd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, kAbovePlaces));
}

std::unexpected<Error> outage(const std::string& what) {
    return fail(ErrorCode::unavailable, "A media process could not be started: " + what + ": " + system_message(errno));
}

Result<UniqueFd> open_source(const std::filesystem::path& path) {
    UniqueFd fd = moved_up(UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)));
    if (!fd) {
        const auto code = errno == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable;
        return fail(code, "The source file cannot be opened.", path.string() + ": " + system_message(errno));
    }
    struct stat status{};
    if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return fail(ErrorCode::invalid, "The source is not a regular file.", path.string());
    }
    return fd;
}

std::array<ChildLimit, 5> child_limits(std::int64_t address_space_bytes_max) {
#if defined(MOVIO_SANITIZED)
    // The sanitizers reserve terabytes of address space and abort where they do not get it.
    const auto address_space = RLIM_INFINITY;
    (void)address_space_bytes_max;
#else
    const auto address_space = static_cast<rlim_t>(address_space_bytes_max);
#endif
    // No RLIMIT_NPROC: it counts all processes of the user, so others would decide whether a film can be encoded;
    // processes are impossible by seccomp and threads bounded by the address space.
    return {{
        {RLIMIT_AS, address_space},
        {RLIMIT_CORE, 0},
        {RLIMIT_NOFILE, kDescriptorsMax},
        {RLIMIT_FSIZE, static_cast<rlim_t>(limits::kSegmentBytesMax)},  // counts for memfds too
        {RLIMIT_MEMLOCK, 0},
    }};
}

// The last ones, since the first are where the kernel tends to put everything else. The same for every child, so that
// they share them.
bool choose_cpus(int cpus_max, cpu_set_t& chosen) {
    cpu_set_t usable;
    if (cpus_max <= 0 || ::sched_getaffinity(0, sizeof usable, &usable) != 0) return false;
    if (CPU_COUNT(&usable) <= cpus_max) return false;
    CPU_ZERO(&chosen);
    for (int cpu = CPU_SETSIZE - 1; cpu >= 0 && CPU_COUNT(&chosen) < cpus_max; --cpu)
        if (CPU_ISSET(cpu, &usable)) CPU_SET(cpu, &chosen);
    return true;
}

}  // namespace

Result<SpawnedProcess> spawn_media_process(const SpawnRequest& request) {
    UniqueFd source;
    if (request.source_file) {
        auto opened = open_source(*request.source_file);
        if (!opened) return std::unexpected(opened.error());
        source = std::move(*opened);
    }
    if (request.source_descriptor >= 0) {
        source = UniqueFd(::fcntl(request.source_descriptor, F_DUPFD_CLOEXEC, kAbovePlaces));
        if (!source) return outage("descriptors");
    }
    auto channel = make_channel();
    if (!channel) return outage("socketpair");
    std::array<int, 2> pipe{-1, -1};
    if (::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) return outage("pipe");
    UniqueFd errors(pipe[0]);
    const UniqueFd errors_write = moved_up(UniqueFd(pipe[1]));
    const UniqueFd null = moved_up(UniqueFd(::open("/dev/null", O_RDWR | O_CLOEXEC)));
    if (!null) return outage("/dev/null");
    const UniqueFd executable(::fcntl(request.executable, F_DUPFD_CLOEXEC, kAbovePlaces));
    const UniqueFd channel_child = moved_up(std::move(channel->second));
    if (!executable || !channel_child || !errors_write) return outage("descriptors");

    ChildStart start;
    start.executable = executable.get();
    start.places = {null.get(), null.get(), errors_write.get(), channel_child.get(), source.get()};
    start.limits = child_limits(request.address_space_bytes_max);
    start.idle = request.idle;
    start.niceness = request.niceness;
    start.set_cpus = choose_cpus(request.cpus_max, start.cpus);
    start.change_user = ::geteuid() == 0;
    start.uid = request.uid;
    start.gid = request.gid;
    start.oom_score = kOomScore;
    SpawnedProcess process;
    process.pid = start_child(start, process.pidfd);
    if (process.pid < 0) {
        errno = start.error;
        return outage(start.failed_step);
    }
    process.channel = std::move(channel->first);
    process.errors = std::move(errors);
    return process;
}

}  // namespace movio::sandbox
