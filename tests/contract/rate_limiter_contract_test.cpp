// What every RateLimiter promises: never more than the burst at once, then one each interval, each key for itself.
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/memory/rate_limiter.hpp"
#include "support/coroutines.hpp"

namespace movio {
namespace {

using namespace std::chrono_literals;

struct RateLimiterCase {
    std::string name;
    std::unique_ptr<RateLimiter> (*open)();
};

class RateLimiterContract : public testing::TestWithParam<RateLimiterCase> {
protected:
    Taken take_one(const std::string& key, Rate rate) { return test::run(limiter_->take(key, rate)); }
    std::chrono::microseconds take(const std::string& key, Rate rate) { return take_one(key, rate).wait; }

    std::unique_ptr<RateLimiter> limiter_ = GetParam().open();
};

TEST_P(RateLimiterContract, Burst_is_there_at_once_and_then_no_more) {
    const Rate rate{1h, 3};
    for (int i = 0; i < 3; ++i) EXPECT_EQ(take("a", rate), 0us);
    for (int i = 0; i < 3; ++i) {
        const auto wait = take("a", rate);
        EXPECT_GT(wait, 59min);
        EXPECT_LE(wait, 1h);
    }
}

TEST_P(RateLimiterContract, Keys_do_not_share) {
    const Rate rate{1h, 1};
    EXPECT_EQ(take("a", rate), 0us);
    EXPECT_GT(take("a", rate), 0us);
    EXPECT_EQ(take("b", rate), 0us);
    EXPECT_EQ(take("", rate), 0us);
}

TEST_P(RateLimiterContract, One_more_is_there_after_the_time_it_told) {
    const Rate rate{50ms, 2};
    EXPECT_EQ(take("a", rate), 0us);
    EXPECT_EQ(take("a", rate), 0us);
    const auto wait = take("a", rate);
    ASSERT_GT(wait, 0us);
    ASSERT_LE(wait, 50ms);
    std::this_thread::sleep_for(wait + 1ms);
    EXPECT_EQ(take("a", rate), 0us);
}

TEST_P(RateLimiterContract, Without_an_interval_there_is_no_limit) {
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(take("a", Rate{0us, 1}), 0us);
}

TEST_P(RateLimiterContract, What_is_left_counts_down_to_nothing) {
    const Rate rate{1h, 3};
    for (const int left : {2, 1, 0}) {
        const auto taken = take_one("a", rate);
        EXPECT_EQ(taken.left, left);
        EXPECT_GT(taken.more_in, 59min);
        EXPECT_LE(taken.more_in, 1h);
    }
    const auto refused = take_one("a", rate);
    EXPECT_EQ(refused.left, 0);
    EXPECT_EQ(refused.more_in, refused.wait);
}

TEST_P(RateLimiterContract, Many_at_once_take_no_more_than_there_is) {
    const Rate rate{1h, 100};
    std::atomic<int> taken = 0;
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i) taken += take("a", rate) == 0us ? 1 : 0;
        });
    threads.clear();
    EXPECT_EQ(taken, 100);
}

INSTANTIATE_TEST_SUITE_P(Adapters, RateLimiterContract,
                         testing::Values(RateLimiterCase{
                             "Memory",
                             []() -> std::unique_ptr<RateLimiter> { return std::make_unique<MemoryRateLimiter>(); }}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace movio
