#include "async/scheduling.hpp"

#include <cstdint>

#include <sys/syscall.h>
#include <unistd.h>

namespace movio {
namespace {

constexpr std::uint64_t kTurnNs = 100'000;  // the least that the kernel takes; 2.8 ms is usual

// struct sched_attr of sched_setattr(2), first version. Debian 12's header of it cannot be read beside <pthread.h>.
struct Attributes {
    std::uint32_t size;
    std::uint32_t policy;
    std::uint64_t flags;
    std::int32_t nice;
    std::uint32_t priority;
    std::uint64_t runtime;
    std::uint64_t deadline;
    std::uint64_t period;
};

}  // namespace

void ask_for_short_turns() noexcept {
    Attributes attributes{};
    if (::syscall(SYS_sched_getattr, 0, &attributes, sizeof(attributes), 0U) != 0) return;
    attributes.runtime = kTurnNs;
    ::syscall(SYS_sched_setattr, 0, &attributes, 0U);
}

}  // namespace movio
