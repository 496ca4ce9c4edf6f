#include "async/timing.hpp"

#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include "async/io_threads.hpp"
#include "async/task_group.hpp"

namespace movio {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class Timing : public ::testing::Test {
protected:
    IoThreads threads{1};
};

TEST_F(Timing, Sleep_takes_its_time) {
    const auto began = Clock::now();
    block_on(threads.executor(0), sleep_for(30ms));
    EXPECT_GE(Clock::now() - began, 30ms);
}

Awaitable<void> note_wake(Signal& signal, std::chrono::milliseconds time, std::vector<bool>& woken) {
    woken.push_back(co_await signal.wait_for(time));
}

Awaitable<std::vector<bool>> wake_three() {
    const auto executor = co_await asio::this_coro::executor;
    Signal signal(executor);
    TaskGroup group(executor);
    std::vector<bool> woken;
    for (int i = 0; i < 3; ++i) group.spawn("waiter", note_wake(signal, 10s, woken));
    co_await sleep_for(5ms);
    signal.notify();
    co_await group.wait();
    co_return woken;
}

TEST_F(Timing, Notify_wakes_every_waiter) {
    const auto began = Clock::now();
    EXPECT_EQ(block_on(threads.executor(0), wake_three()), (std::vector{true, true, true}));
    EXPECT_LT(Clock::now() - began, 5s);
}

Awaitable<bool> wait_alone() {
    Signal signal(co_await asio::this_coro::executor);
    co_return co_await signal.wait_for(10ms);
}

TEST_F(Timing, Waiting_ends_when_the_time_is_over) { EXPECT_FALSE(block_on(threads.executor(0), wait_alone())); }

Awaitable<bool> notify_before_waiting() {
    Signal signal(co_await asio::this_coro::executor);
    signal.notify();
    co_return co_await signal.wait_for(10ms);
}

TEST_F(Timing, Notify_is_not_kept_for_later) { EXPECT_FALSE(block_on(threads.executor(0), notify_before_waiting())); }

Awaitable<void> wait_twice(Signal& signal, int& waits) {
    for (;;) {
        co_await signal.wait_for(1h);
        ++waits;
    }
}

Awaitable<int> cancel_waiter() {
    const auto executor = co_await asio::this_coro::executor;
    Signal signal(executor);
    TaskGroup group(executor);
    int waits = 0;
    group.spawn("waiter", wait_twice(signal, waits));
    co_await sleep_for(5ms);
    group.cancel_all();
    co_await group.wait();
    // No waiter is left behind that a later notify would touch.
    signal.notify();
    co_return waits;
}

TEST_F(Timing, Cancelled_waiter_leaves_the_signal) { EXPECT_LE(block_on(threads.executor(0), cancel_waiter()), 1); }

TEST(IoThreadsTest, Executors_run_on_their_own_threads) {
    IoThreads threads(3);
    EXPECT_EQ(threads.size(), 3U);
    EXPECT_FALSE(threads.is_current());
    const auto id = [](IoThreads& all) -> Awaitable<std::pair<std::thread::id, bool>> {
        co_return std::pair(std::this_thread::get_id(), all.is_current());
    };
    const auto [first, first_current] = block_on(threads.executor(0), id(threads));
    const auto [second, second_current] = block_on(threads.executor(1), id(threads));
    EXPECT_TRUE(first_current && second_current);
    EXPECT_NE(first, second);
    EXPECT_EQ(block_on(threads.executor(0), id(threads)).first, first);
    threads.stop();
    threads.stop();
}

}  // namespace
}  // namespace movio
