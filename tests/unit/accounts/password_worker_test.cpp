#include "accounts/password_worker.hpp"

#include <latch>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/coroutines.hpp"

namespace movio::accounts {
namespace {

constexpr PasswordCost kCheap{.memory_bytes = 64 << 10, .passes = 1};

TEST(ByteBudget, Is_never_exceeded_and_everybody_gets_their_share) {
    ByteBudget budget(100);
    std::atomic<std::int64_t> used = 0;
    std::atomic<std::int64_t> most = 0;
    std::atomic<int> served = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < 200; ++round) {
                const std::int64_t bytes = 1 + (i * 37 + round * 11) % 100;
                const ByteBudget::Share share(budget, bytes);
                const auto now = used += bytes;
                for (auto seen = most.load(); seen < now && !most.compare_exchange_weak(seen, now);) {
                }
                ++served;
                std::this_thread::yield();
                used -= bytes;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(served, 1600);
    EXPECT_LE(most, 100);
    EXPECT_GT(most, 50) << "several at a time";
    EXPECT_LE(budget.peak(), 100);
    const ByteBudget::Share all(budget, 100);
    EXPECT_EQ(budget.peak(), 100) << "all of it was given back";
}

TEST(ByteBudget, A_large_wish_is_not_held_up_by_small_ones) {
    ByteBudget budget(10);
    std::atomic<bool> stop = false;
    std::vector<std::thread> small;
    for (int i = 0; i < 3; ++i) {
        small.emplace_back([&] {
            while (!stop) {
                const ByteBudget::Share share(budget, 4);
                std::this_thread::sleep_for(std::chrono::microseconds(50));
            }
        });
    }
    {
        const ByteBudget::Share large(budget, 10);
    }
    stop = true;
    for (auto& thread : small) thread.join();
    SUCCEED() << "without the order of asking, three that always hold something would never let it in";
}

TEST(ByteBudget, More_than_all_is_refused) {
    ByteBudget budget(10);
    EXPECT_THROW(const ByteBudget::Share share(budget, 11), Failure);
    const ByteBudget::Share share(budget, 10);
}

class Worker : public ::testing::Test {
protected:
    Pool pool{"crypto", 2, 64};
    PasswordWorker worker{pool, {.cost = kCheap}};
    test::Loop loop;
};

TEST_F(Worker, Hashes_and_verifies) {
    const auto hash = loop.run(worker.hash("secret"));
    EXPECT_TRUE(loop.run(worker.verify("secret", hash)));
    EXPECT_FALSE(loop.run(worker.verify("secreT", hash)));
    EXPECT_FALSE(worker.needs_rehash(hash));
    EXPECT_TRUE(worker.needs_rehash(hash_password("secret", {.memory_bytes = 128 << 10, .passes = 1})));
}

TEST_F(Worker, Without_a_hash_there_is_the_same_work) {
    const auto hash = loop.run(worker.hash("secret"));
    for (const auto& stored : {std::optional<std::string>(hash), std::optional<std::string>(),
                               std::optional<std::string>("!unusable"), std::optional<std::string>("")}) {
        const auto before = worker.operations();
        EXPECT_FALSE(loop.run(worker.verify("wrong", stored)));
        EXPECT_EQ(worker.operations(), before + 1);
        EXPECT_EQ(worker.memory_bytes_peak(), kCheap.memory_bytes);
    }
}

TEST_F(Worker, Memory_stays_within_the_budget_however_many_ask) {
    // The budget holds two of these, the pool would run four.
    Pool wide("crypto", 4, 64);
    PasswordWorker costly(wide, {.cost = {.memory_bytes = 8 << 20, .passes = 1}, .memory_bytes_max = 20 << 20});
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i)
        threads.emplace_back([&] { EXPECT_FALSE(test::run(costly.verify("secret", std::nullopt))); });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(costly.operations(), 6);
    EXPECT_LE(costly.memory_bytes_peak(), 16 << 20);
    EXPECT_GE(costly.memory_bytes_peak(), 8 << 20);
}

TEST_F(Worker, A_hash_that_needs_more_than_the_whole_budget_says_which_setting_to_raise) {
    PasswordWorker small(pool, {.cost = kCheap, .memory_bytes_max = 1});
    EXPECT_TRUE(loop.run(small.verify("secret", loop.run(small.hash("secret"))))) << "what is made here always fits";
    const auto large = hash_password("secret", {.memory_bytes = 128 << 10, .passes = 1});
    try {
        loop.run(small.verify("secret", large));
        FAIL();
    } catch (const Failure& failure) {
        EXPECT_TRUE(std::string_view(failure.what()).contains("auth.password_memory_mib")) << failure.what();
    }
}

TEST(PasswordWorker, A_full_queue_is_refused_at_once) {
    std::latch started(1);
    std::latch release(1);
    Pool pool("crypto", 1, 1);
    PasswordWorker worker(pool, {.cost = kCheap});
    ASSERT_TRUE(pool.try_post([&] {
        started.count_down();
        release.wait();
    }));
    started.wait();
    ASSERT_TRUE(pool.try_post([] {}));
    EXPECT_THROW(test::run(worker.hash("secret")), PoolFull);
    EXPECT_THROW(test::run(worker.verify("secret", std::nullopt)), PoolFull);
    release.count_down();
    EXPECT_EQ(worker.operations(), 0);
}

}  // namespace
}  // namespace movio::accounts
