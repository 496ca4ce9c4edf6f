#include "accounts/log_in_throttle.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace movio::accounts {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class LogInThrottleTest : public ::testing::Test {
protected:
    std::chrono::microseconds mistake(const char* name = "ada", const char* network = "192.0.2.1") {
        return throttle.begin(name, network).wait();
    }
    void wait(std::chrono::microseconds time) { now_us += time.count(); }
    void spend_free_ones(const char* name = "ada") {
        for (int i = 0; i < 5; ++i) EXPECT_EQ(mistake(name).count(), 0) << i;
    }

    std::int64_t now_us = 1'000'000'000;
    LogInThrottle throttle{[this] { return now_us; }};
};

TEST_F(LogInThrottleTest, A_few_mistakes_are_free_then_each_doubles_the_wait) {
    spend_free_ones();
    EXPECT_EQ(mistake().count(), 0) << "the sixth, after which one has to wait";
    for (const auto pause : {seconds(1), seconds(2), seconds(4), seconds(8)}) {
        EXPECT_EQ(mistake(), pause);
        wait(pause - std::chrono::microseconds(1));
        EXPECT_GT(mistake().count(), 0);
        wait(std::chrono::microseconds(1));
        EXPECT_EQ(mistake().count(), 0);
    }
}

TEST_F(LogInThrottleTest, The_wait_has_an_end) {
    spend_free_ones();
    for (int i = 0; i < 100; ++i) {
        mistake();
        wait(minutes(15));
    }
    mistake();
    EXPECT_EQ(mistake(), minutes(15));
}

TEST_F(LogInThrottleTest, Mistakes_are_forgotten_after_a_while) {
    spend_free_ones();
    wait(minutes(61));
    spend_free_ones();
}

TEST_F(LogInThrottleTest, Nobody_else_waits) {
    for (int i = 0; i < 10; ++i) mistake();
    EXPECT_GT(mistake("ADA").count(), 0) << "the same person";
    EXPECT_EQ(mistake("eve").count(), 0);
    EXPECT_EQ(mistake("ada", "192.0.2.2").count(), 0);
}

TEST_F(LogInThrottleTest, Being_right_forgets_the_mistakes) {
    spend_free_ones();
    {
        auto attempt = throttle.begin("ada", "192.0.2.1");
        EXPECT_EQ(attempt.wait().count(), 0);
        attempt.succeeded();
    }
    spend_free_ones();
}

TEST_F(LogInThrottleTest, Guessing_in_parallel_gains_little) {
    std::vector<LogInThrottle::Attempt> attempts;
    int allowed = 0;
    for (int i = 0; i < 100; ++i) {
        attempts.push_back(throttle.begin("ada", "192.0.2.1"));
        if (attempts.back().wait().count() == 0) ++allowed;
    }
    EXPECT_EQ(allowed, 16);
    attempts.clear();
    EXPECT_GT(mistake(), minutes(1)) << "all of them were mistakes";
}

TEST_F(LogInThrottleTest, Many_names_are_forgotten_before_they_fill_the_memory) {
    for (int i = 0; i < 100'000; ++i) mistake(std::to_string(i).c_str());
    for (int i = 0; i < 7; ++i) mistake("guessed");
    for (int i = 100'000; i < 200'000; ++i) mistake(std::to_string(i).c_str());
    EXPECT_GT(mistake("guessed").count(), 0) << "who has to wait is kept";
}

}  // namespace
}  // namespace movio::accounts
