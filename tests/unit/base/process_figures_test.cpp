#include "base/process_figures.hpp"

#include <chrono>

#include <gtest/gtest.h>
#include <unistd.h>

namespace movio {
namespace {

TEST(ProcessFigures, Own_process_has_memory_and_uses_time) {
    const auto before = process_figures(0);
    EXPECT_GT(before.rss_bytes, 1 << 20);
    volatile std::uint64_t work = 0;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (process_figures(0).cpu_us <= before.cpu_us && std::chrono::steady_clock::now() < end)
        for (int i = 0; i < 1'000'000; ++i) work = work + 1;
    EXPECT_GT(process_figures(::getpid()).cpu_us, before.cpu_us);
}

TEST(ProcessFigures, Process_that_is_not_there_has_nothing) {
    const auto none = process_figures(1 << 30);
    EXPECT_EQ(none.cpu_us, 0);
    EXPECT_EQ(none.rss_bytes, 0);
}

}  // namespace
}  // namespace movio
