#include "adapters/memory/rate_limiter.hpp"

#include <array>

#include <gtest/gtest.h>

#include "support/coroutines.hpp"

namespace movio {
namespace {

using namespace std::chrono_literals;

class MemoryRateLimiterTest : public testing::Test {
protected:
    std::int64_t take(const std::string& key, Rate rate = {10us, 2}) {
        return test::run(limiter_.take(key, rate)).wait.count();
    }

    std::int64_t now_us_ = 1'000'000;
    MemoryRateLimiter limiter_{3, [this] { return now_us_; }};
};

TEST_F(MemoryRateLimiterTest, Time_fills_the_budget_up_to_the_burst) {
    EXPECT_EQ(take("a"), 0);
    EXPECT_EQ(take("a"), 0);
    EXPECT_EQ(take("a"), 10);
    now_us_ += 4;
    EXPECT_EQ(take("a"), 6) << "a refusal must take nothing";
    now_us_ += 6;
    EXPECT_EQ(take("a"), 0);
    EXPECT_EQ(take("a"), 10);
    now_us_ += 1000;
    EXPECT_EQ(take("a"), 0);
    EXPECT_EQ(take("a"), 0);
    EXPECT_EQ(take("a"), 10);
}

TEST_F(MemoryRateLimiterTest, A_steady_client_at_the_rate_is_never_refused) {
    for (int i = 0; i < 100; ++i, now_us_ += 10) ASSERT_EQ(take("a", {10us, 1}), 0);
}

TEST_F(MemoryRateLimiterTest, What_is_left_and_when_there_is_more_is_told_to_the_microsecond) {
    const auto told = [this] {
        const auto taken = test::run(limiter_.take("a", {10us, 3}));
        return std::array{taken.wait.count(), taken.left, taken.more_in.count()};
    };
    EXPECT_EQ(told(), (std::array<std::int64_t, 3>{0, 2, 10}));
    now_us_ += 3;
    EXPECT_EQ(told(), (std::array<std::int64_t, 3>{0, 1, 7}));
    EXPECT_EQ(told(), (std::array<std::int64_t, 3>{0, 0, 7}));
    EXPECT_EQ(told(), (std::array<std::int64_t, 3>{7, 0, 7}));
    now_us_ += 6;
    EXPECT_EQ(told(), (std::array<std::int64_t, 3>{1, 0, 1}));
    now_us_ += 1;
    EXPECT_EQ(told(), (std::array<std::int64_t, 3>{0, 0, 10}));
    now_us_ += 30;
    EXPECT_EQ(told(), (std::array<std::int64_t, 3>{0, 2, 10}));
}

TEST_F(MemoryRateLimiterTest, Full_budgets_are_forgotten) {
    take("a");
    now_us_ += 5;
    take("b");
    EXPECT_EQ(limiter_.keys(), 2U);
    now_us_ += 5;
    take("b");
    EXPECT_EQ(limiter_.keys(), 1U);
    now_us_ += 100;
    take("c", {0us, 1});
    take("c");
    EXPECT_EQ(limiter_.keys(), 1U);
}

TEST_F(MemoryRateLimiterTest, Too_many_keys_forget_the_fullest) {
    for (const auto* key : {"empty", "empty", "half", "other", "other"}) EXPECT_EQ(take(key), 0);
    EXPECT_EQ(take("new"), 0);
    EXPECT_EQ(limiter_.keys(), 3U);
    EXPECT_EQ(take("empty"), 10);
    EXPECT_EQ(take("other"), 10);
    EXPECT_EQ(take("half"), 0);
    EXPECT_EQ(take("half"), 0) << "was forgotten for the new one, so it is whole";
}

}  // namespace
}  // namespace movio
