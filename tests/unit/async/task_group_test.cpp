#include "async/task_group.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/io_threads.hpp"
#include "async/timing.hpp"
#include "base/error.hpp"

namespace movio {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class TaskGroupTest : public ::testing::Test {
protected:
    void wait() { block_on(threads.executor(0), group.wait()); }

    IoThreads threads{1};
    TaskGroup group{threads.executor(0)};
};

Awaitable<void> count_after(std::atomic<int>& count, std::chrono::milliseconds time) {
    if (time > 0ms) co_await sleep_for(time);
    ++count;
}

TEST_F(TaskGroupTest, Wait_resumes_when_all_have_ended) {
    std::atomic<int> count = 0;
    for (int i = 0; i < 50; ++i) group.spawn("member", count_after(count, std::chrono::milliseconds(i % 5)));
    wait();
    EXPECT_EQ(count, 50);
    wait();
}

TEST_F(TaskGroupTest, Members_come_from_any_thread) {
    std::atomic<int> count = 0;
    {
        std::vector<std::jthread> spawners;
        for (int t = 0; t < 4; ++t)
            spawners.emplace_back([&] {
                for (int i = 0; i < 500; ++i) group.spawn("member", count_after(count, 0ms));
            });
    }
    wait();
    EXPECT_EQ(count, 2000);
}

TEST_F(TaskGroupTest, Cancel_ends_waiting_members) {
    std::atomic<int> count = 0;
    for (int i = 0; i < 100; ++i) group.spawn("member", count_after(count, 1h));
    group.cancel_all();
    wait();
    EXPECT_EQ(count, 0);
}

TEST_F(TaskGroupTest, Members_spawned_after_cancel_are_cancelled_too) {
    std::atomic<int> count = 0;
    group.cancel_all();
    group.spawn("waits", count_after(count, 1h));
    group.spawn("ends at once", count_after(count, 0ms));
    wait();
    EXPECT_LE(count, 1);
}

Awaitable<void> fail_now() {
    throw Failure("the store is gone");
    co_return;
}

TEST_F(TaskGroupTest, What_escapes_is_logged_with_the_name) {
    ::testing::internal::CaptureStderr();
    group.spawn("sweeper", fail_now());
    wait();
    const auto text = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(text, HasSubstr("sweeper"));
    EXPECT_THAT(text, HasSubstr("the store is gone"));
}

TEST_F(TaskGroupTest, Cancellation_is_not_logged) {
    ::testing::internal::CaptureStderr();
    std::atomic<int> count = 0;
    group.spawn("member", count_after(count, 1h));
    group.cancel_all();
    wait();
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

Awaitable<void> end_others(TaskGroup& group, Signal& signal) {
    struct Ending {
        TaskGroup& all;
        Signal& others;
        ~Ending() {
            others.notify();
            all.cancel_all();
        }
    } const ending{group, signal};
    co_await sleep_for(1h);
}

Awaitable<void> wait_for_signal(Signal& signal) { co_await signal.wait_for(1h); }

TEST_F(TaskGroupTest, Members_that_end_others_while_they_are_cancelled_do_no_harm) {
    Signal signal(threads.executor(0));
    for (int i = 0; i < 20; ++i) {
        group.spawn("ends others", end_others(group, signal));
        group.spawn("waits", wait_for_signal(signal));
    }
    group.cancel_all();
    wait();
}

Awaitable<std::size_t> size_of(TaskGroup& group) { co_return group.size(); }

TEST_F(TaskGroupTest, Size_counts_members) {
    std::atomic<int> count = 0;
    EXPECT_EQ(block_on(threads.executor(0), size_of(group)), 0U);
    group.spawn("member", count_after(count, 1h));
    EXPECT_EQ(block_on(threads.executor(0), size_of(group)), 1U);
    group.cancel_all();
    wait();
}

}  // namespace
}  // namespace movio
