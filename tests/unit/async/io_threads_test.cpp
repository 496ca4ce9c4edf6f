#include "async/io_threads.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <future>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace movio {
namespace {

// struct sched_attr of sched_getattr(2), first version.
struct Turns {
    std::uint32_t policy = 99;
    std::int32_t nice = 99;
    std::uint64_t runtime = 0;
};

Turns turns_of_this_thread() {
    std::array<char, 48> attributes{};
    EXPECT_EQ(::syscall(SYS_sched_getattr, 0, attributes.data(), attributes.size(), 0U), 0);
    Turns turns;
    std::memcpy(&turns.policy, attributes.data() + 4, sizeof(turns.policy));
    std::memcpy(&turns.nice, attributes.data() + 16, sizeof(turns.nice));
    std::memcpy(&turns.runtime, attributes.data() + 24, sizeof(turns.runtime));
    return turns;
}

bool kernel_heeds_turns() {
    utsname system{};
    ::uname(&system);
    char* rest = nullptr;
    const auto major = std::strtol(&system.release[0], &rest, 10);
    const auto minor = *rest == '.' ? std::strtol(rest + 1, nullptr, 10) : 0;
    return major > 6 || (major == 6 && minor >= 12);
}

TEST(IoThreads, Have_short_turns_and_the_rank_of_the_program) {
    IoThreads threads(2);
    const auto own = turns_of_this_thread();
    for (std::size_t i = 0; i < threads.size(); ++i) {
        std::promise<Turns> told;
        asio::post(threads.executor(i), [&told] { told.set_value(turns_of_this_thread()); });
        const auto theirs = told.get_future().get();
        EXPECT_EQ(theirs.policy, own.policy);
        EXPECT_EQ(theirs.nice, own.nice);
        if (kernel_heeds_turns()) {
            EXPECT_EQ(theirs.runtime, 100'000U);
        }
    }
}

}  // namespace
}  // namespace movio
