#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/types.hpp"

namespace movio::ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

NewTask step(std::string key) { return {.kind = "make", .key = std::move(key)}; }

const NewTask& task(const Plan& plan, std::string_view key) { return *std::ranges::find(plan, key, &NewTask::key); }

TEST(Plan, Chain_makes_each_step_wait_for_the_one_before) {
    const auto plan = chain({step("a"), step("b"), step("c")});
    EXPECT_THAT(task(plan, "a").needs, IsEmpty());
    EXPECT_THAT(task(plan, "b").needs, ElementsAre("a"));
    EXPECT_THAT(task(plan, "c").needs, ElementsAre("b"));
}

TEST(Plan, Group_waits_for_nothing) {
    const auto plan = group({{step("a")}, chain({step("b"), step("c")})});
    EXPECT_THAT(task(plan, "a").needs, IsEmpty());
    EXPECT_THAT(task(plan, "b").needs, IsEmpty());
    EXPECT_THAT(task(plan, "c").needs, ElementsAre("b"));
}

TEST(Plan, Chord_waits_for_the_ends_of_its_header_alone) {
    const auto plan = chord(group({{step("a")}, chain({step("b"), step("c")})}), step("end"));
    EXPECT_THAT(task(plan, "end").needs, ElementsAre("a", "c"));
}

TEST(Plan, Then_joins_all_ends_with_all_beginnings) {
    const auto plan = then({step("a"), step("b")}, group({{step("c")}, chain({step("d"), step("e")})}));
    EXPECT_THAT(task(plan, "c").needs, ElementsAre("a", "b"));
    EXPECT_THAT(task(plan, "d").needs, ElementsAre("a", "b"));
    EXPECT_THAT(task(plan, "e").needs, ElementsAre("d"));
}

TEST(Plan, Join_of_too_many_with_too_many_is_refused) {
    const Plan many(1000, step("x"));
    EXPECT_THROW((void)then(many, many), Failure);
}

TEST(Types, Failure_survives_its_column) {
    const Error error{ErrorCode::damaged, "The film is \"damaged\".", "42 %"};
    const Error back = error_from_json(to_json(error));
    EXPECT_EQ(back.code, error.code);
    EXPECT_EQ(back.message, error.message);
    EXPECT_EQ(back.detail, error.detail);
    EXPECT_EQ(error_from_json("not json").code, ErrorCode::internal);
}

TEST(Types, States_survive_their_column) {
    for (const auto state : {JobState::running, JobState::done, JobState::failed, JobState::cancelled})
        EXPECT_EQ(job_state_from_text(to_text(state)), state);
    for (const auto state : {TaskState::ready, TaskState::blocked, TaskState::leased, TaskState::done,
                             TaskState::failed, TaskState::cancelled})
        EXPECT_EQ(task_state_from_text(to_text(state)), state);
    EXPECT_EQ(task_state_from_text("asleep"), std::nullopt);
}

}  // namespace
}  // namespace movio::ledger
