#include "async/pool.hpp"

#include <atomic>
#include <future>
#include <latch>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include "async/io_threads.hpp"
#include "async/task_group.hpp"
#include "async/timing.hpp"
#include "base/error.hpp"

namespace movio {
namespace {

using namespace std::chrono_literals;

TEST(Pool, Runs_what_is_queued_before_it_ends) {
    std::atomic<int> done = 0;
    {
        Pool pool("test", 2, 1000);
        for (int i = 0; i < 500; ++i) EXPECT_TRUE(pool.try_post([&done] { ++done; }));
        EXPECT_EQ(pool.name(), "test");
    }
    EXPECT_EQ(done, 500);
}

TEST(Pool, Full_queue_refuses) {
    Pool pool("test", 1, 2);
    std::promise<void> release;
    std::latch running(1);
    ASSERT_TRUE(pool.try_post([&] {
        running.count_down();
        release.get_future().wait();
    }));
    running.wait();
    EXPECT_TRUE(pool.try_post([] {}));
    EXPECT_TRUE(pool.try_post([] {}));
    EXPECT_EQ(pool.queued(), 2U);
    EXPECT_FALSE(pool.try_post([] {}));
    release.set_value();
}

class OnPool : public ::testing::Test {
protected:
    IoThreads threads{2};
    Pool pool{"test", 2, 64};
};

Awaitable<std::string> greet(Pool& pool, std::thread::id& before, std::thread::id& inside, std::thread::id& after) {
    before = std::this_thread::get_id();
    const std::string name = "world";
    auto text = co_await on_pool(pool, [&] {
        inside = std::this_thread::get_id();
        return std::make_unique<std::string>("hello " + name);
    });
    after = std::this_thread::get_id();
    co_return *text;
}

TEST_F(OnPool, Runs_elsewhere_and_resumes_where_it_was) {
    std::thread::id before;
    std::thread::id inside;
    std::thread::id after;
    EXPECT_EQ(block_on(threads.executor(1), greet(pool, before, inside, after)), "hello world");
    EXPECT_EQ(before, after);
    EXPECT_NE(before, inside);
}

Awaitable<void> throw_on(Pool& pool) {
    co_await on_pool(pool, [] { throw Failure("no disk"); });
}

TEST_F(OnPool, Exceptions_come_back) { EXPECT_THROW(block_on(threads.executor(0), throw_on(pool)), Failure); }

Awaitable<int> square(Pool& pool, int value) {
    co_return co_await on_pool(pool, [value] { return value * value; });
}

TEST_F(OnPool, Full_queue_is_pool_full) {
    Pool tiny("tiny", 1, 0);
    try {
        block_on(threads.executor(0), square(tiny, 2));
        FAIL();
    } catch (const PoolFull& full) {
        EXPECT_STREQ(full.what(), "pool 'tiny' is full");
    }
}

Awaitable<std::int64_t> sum(Pool& pool) {
    std::int64_t total = 0;
    for (int i = 0; i < 2000; ++i) total += co_await square(pool, i);
    co_return total;
}

TEST_F(OnPool, Many_coroutines_of_several_threads_get_their_own_results) {
    std::vector<std::future<std::int64_t>> sums;
    for (std::size_t i = 0; i < 8; ++i)
        sums.push_back(asio::co_spawn(threads.executor(i % 2), sum(pool), asio::use_future));
    for (auto& one : sums) EXPECT_EQ(one.get(), 2664667000);
}

Awaitable<void> cancelled_work(Pool& pool, std::atomic<bool>& done, std::atomic<bool>& went_on) {
    co_await on_pool(pool, [&done] {
        std::this_thread::sleep_for(100ms);
        done = true;
    });
    co_await sleep_for(10s);
    went_on = true;
}

TEST_F(OnPool, Cancellation_waits_for_the_work) {
    std::atomic<bool> done = false;
    std::atomic<bool> went_on = false;
    TaskGroup group(threads.executor(0));
    group.spawn("work", cancelled_work(pool, done, went_on));
    std::this_thread::sleep_for(20ms);
    group.cancel_all();
    block_on(threads.executor(0), group.wait());
    EXPECT_TRUE(done);
    EXPECT_FALSE(went_on);
}

}  // namespace
}  // namespace movio
