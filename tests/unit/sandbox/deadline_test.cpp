#include "sandbox/deadline.hpp"

#include <csignal>
#include <gtest/gtest.h>
#include <unistd.h>

#include "sandbox/outcome.hpp"

namespace movio::sandbox {
namespace {

using namespace std::chrono_literals;

TEST(TimeLeft, Counts_only_what_the_child_could_run) {
    EXPECT_EQ(time_left(10s, 4s, 0s), 6s);
    EXPECT_LE(time_left(10s, 10s, 0s), 0s);
    EXPECT_EQ(time_left(10s, 10s, 7s), 7s);
    EXPECT_LE(time_left(10s, 17s, 7s), 0s);
}

TEST(TimeLeft, Ends_at_ten_times_the_limit) {
    EXPECT_EQ(time_left(10s, 90s, 1000s), 10s);
    EXPECT_LE(time_left(10s, 100s, 1000s), 0s);
}

TEST(WaitedForCpu, Of_a_process_that_is_not_there_is_nothing) {
    EXPECT_EQ(waited_for_cpu(-1), 0ms);
    EXPECT_GE(waited_for_cpu(::getpid()), 0ms);
}

Verdict talking() {
    Verdict verdict;
    verdict.said_hello = true;
    return verdict;
}

TEST(Judge, Crash_of_a_child_that_was_slow_to_end_is_still_a_crash) {
    const auto crashed = judge(talking(), KillReason::misbehaved, {true, SIGSEGV}, "");
    ASSERT_FALSE(crashed);
    EXPECT_EQ(crashed.error().code, ErrorCode::damaged);
    const auto lingered = judge(talking(), KillReason::misbehaved, {true, SIGKILL}, "");
    ASSERT_FALSE(lingered);
    EXPECT_EQ(lingered.error().code, ErrorCode::internal);
}

TEST(Judge, Last_word_counts_more_than_how_it_ended) {
    Verdict done = talking();
    done.done = done.last_word = true;
    EXPECT_TRUE(judge(done, KillReason::finished, {true, SIGKILL}, ""));
    EXPECT_TRUE(judge(done, KillReason::stopped, {true, SIGKILL}, ""));
}

TEST(Judge, Kill_from_outside_is_an_outage_and_ours_is_not) {
    EXPECT_THROW((void)judge(talking(), KillReason::none, {true, SIGKILL}, ""), Failure);
    EXPECT_THROW((void)judge(talking(), KillReason::none, {true, SIGTERM}, ""), Failure);
    EXPECT_EQ(judge(talking(), KillReason::timed_out, {true, SIGKILL}, "").error().code, ErrorCode::timeout);
    EXPECT_EQ(judge(talking(), KillReason::stopped, {true, SIGKILL}, "").error().code, ErrorCode::cancelled);
}

TEST(Judge, End_before_hello_is_an_outage_unless_we_made_it) {
    EXPECT_THROW((void)judge(Verdict(), KillReason::none, {false, 127}, "no such library"), Failure);
    EXPECT_EQ(judge(Verdict(), KillReason::stopped, {true, SIGKILL}, "").error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace movio::sandbox
