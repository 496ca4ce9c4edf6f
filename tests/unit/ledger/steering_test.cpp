// What administrators do to jobs and see of them.
#include "fixture.hpp"

namespace movio::ledger {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

const Error kReason{ErrorCode::damaged, "The film is damaged.", "detail"};

TEST_F(LedgerTest, Task_that_waits_for_its_next_attempt_is_tried_at_once) {
    add({make("a")});
    const auto first = claim().value();
    run(ledger_.retry_later(first.lease, kReason, 1h));
    EXPECT_EQ(claimed_key(), "");
    rung_.clear();
    EXPECT_EQ(run(ledger_.retry_task(first.lease.task)), false) << "the job was open all the time";
    EXPECT_THAT(rung_, ElementsAre(first.lease.task));
    const auto second = claim().value();
    EXPECT_EQ(second.lease.attempt, 2);
    EXPECT_EQ(second.attempts_max, 1 + limits::kTaskAttemptsMax);
}

TEST_F(LedgerTest, Task_that_failed_opens_its_job_again) {
    const auto job = add({make("a"), make("b")});
    const auto task = claim().value();
    run(ledger_.fail(task.lease, kReason));
    ASSERT_EQ(state_of(job), JobState::failed);
    EXPECT_EQ(run(ledger_.retry_task(task.lease.task)), true);
    EXPECT_EQ(state_of(job), JobState::running);
    EXPECT_EQ(task_of(job, "a").state, TaskState::ready);
    EXPECT_EQ(task_of(job, "b").state, TaskState::ready);
}

TEST_F(LedgerTest, Task_that_did_not_fail_is_not_tried_again) {
    const auto job = add(chain({make("a"), make("b")}));
    const auto conflict = [&](std::string_view key) {
        return run(ledger_.retry_task(task_of(job, key).id)).error().code;
    };
    EXPECT_EQ(conflict("a"), ErrorCode::conflict) << "it waits for its first attempt";
    EXPECT_EQ(conflict("b"), ErrorCode::conflict) << "it is blocked";
    const auto task = claim().value();
    EXPECT_EQ(conflict("a"), ErrorCode::conflict) << "somebody works on it";
    finish(task);
    EXPECT_EQ(conflict("a"), ErrorCode::conflict) << "it is done";
    EXPECT_EQ(run(ledger_.retry_task(TaskId::make())).error().code, ErrorCode::not_found);
}

TEST_F(LedgerTest, Job_that_is_put_first_goes_before_older_ones) {
    add({make("old")}, "old film");
    const auto job = add(chain({make("new"), make("later")}), "new film");
    ASSERT_TRUE(run(ledger_.set_job_priority(job, Priority::interactive)));
    EXPECT_EQ(claimed_key(), "new");
    EXPECT_EQ(task_of(job, "later").priority, Priority::interactive) << "what waits for others goes along";
    EXPECT_EQ(claimed_key(), "old");
}

TEST_F(LedgerTest, What_is_added_to_a_job_that_was_put_first_is_as_urgent) {
    const auto job = add({make("a")});
    ASSERT_TRUE(run(ledger_.set_job_priority(job, Priority::interactive)));
    write([&](SqlSession& session) { ledger_.add_tasks(session, job, {make("b"), make("c", Priority::publish)}); });
    EXPECT_EQ(task_of(job, "b").priority, Priority::interactive);
    write([this, task = task_of(job, "b").id](SqlSession& session) {
        ledger_.set_priority(session, {task}, Priority::watched);
    });
    EXPECT_EQ(task_of(job, "b").priority, Priority::interactive) << "it is not put back by who watches";
    EXPECT_EQ(task_of(job, "c").priority, Priority::publish);
}

TEST_F(LedgerTest, Priority_leaves_what_is_begun_and_what_somebody_waits_for) {
    const auto job = add({make("a"), make("wish", Priority::on_demand)});
    const auto wish = task_of(job, "wish");
    ASSERT_TRUE(run(ledger_.set_job_priority(job, Priority::publish)));
    EXPECT_EQ(task_of(job, "wish").priority, Priority::on_demand);
    ASSERT_EQ(claimed_key(), "wish");
    ASSERT_EQ(claimed_key(), "a");
    ASSERT_TRUE(run(ledger_.set_job_priority(job, Priority::bulk)));
    EXPECT_EQ(task_of(job, "a").priority, Priority::publish) << "its place is taken by now";
}

TEST_F(LedgerTest, Priority_is_of_running_jobs) {
    const auto job = add({make("a")});
    run(ledger_.cancel(job));
    EXPECT_EQ(run(ledger_.set_job_priority(job, Priority::publish)).error().code, ErrorCode::conflict);
    EXPECT_EQ(run(ledger_.set_job_priority(JobId::make(), Priority::publish)).error().code, ErrorCode::not_found);
}

TEST_F(LedgerTest, Figures_count_tasks_by_state_and_weight) {
    NewTask heavy = make("heavy");
    heavy.weight = 3;
    const auto job = add(chain({heavy, make("light", Priority::interactive)}));
    const auto other = add({make("x", Priority::publish)}, "other");
    finish(claim(Priority::publish).value());
    finish(claim().value());
    const auto figures = run(ledger_.figures({job, other, JobId::make()}));
    ASSERT_THAT(figures, SizeIs(2));
    EXPECT_THAT(figures.at(job).tasks, UnorderedElementsAre(Pair(TaskState::done, 1), Pair(TaskState::ready, 1)));
    EXPECT_EQ(figures.at(job).percent(), 75);
    EXPECT_EQ(figures.at(job).rest, Priority::interactive);
    EXPECT_EQ(figures.at(other).percent(), 100);
    EXPECT_EQ(figures.at(other).rest, std::nullopt);
    EXPECT_THAT(run(ledger_.figures({})), IsEmpty());
    EXPECT_EQ(JobFigures{}.percent(), 0);
}

TEST_F(LedgerTest, Queue_holds_what_running_jobs_have_left) {
    add(chain({make("a"), make("b"), make("c")}));
    add({make("wish", Priority::on_demand)}, "watched");
    run(ledger_.cancel(add({make("gone")}, "cancelled")));
    const auto began = now_us_.load();
    pass(5s);
    run(ledger_.retry_later(claim(Priority::on_demand).value().lease, kReason, 1h));
    ASSERT_EQ(claimed_key(), "a");
    const auto lines = run(ledger_.queue_lines());
    ASSERT_THAT(lines, SizeIs(3));
    EXPECT_EQ(lines[0].priority, Priority::on_demand);
    EXPECT_EQ(lines[0].later, 1);
    EXPECT_EQ(lines[0].oldest_us, began);
    EXPECT_EQ(lines[1].state, TaskState::blocked);
    EXPECT_EQ(lines[1].count, 2);
    EXPECT_EQ(lines[1].kind, "make");
    EXPECT_EQ(lines[2].state, TaskState::leased);
}

TEST_F(LedgerTest, List_takes_a_condition_of_the_service) {
    add({make("a")}, "one");
    const auto job = add({make("a")}, "two");
    JobQuery query;
    query.state = JobState::running;
    query.also = [](const auto& value) { return "subject = " + value(sql("two")); };
    const auto page = run(ledger_.list(query));
    ASSERT_THAT(page.items, SizeIs(1));
    EXPECT_EQ(page.items[0].id, job);
}

TEST_F(LedgerTest, Task_says_when_it_began_and_when_it_may_again) {
    const auto job = add({make("a")});
    EXPECT_EQ(task_of(job, "a").started_us, std::nullopt);
    const auto task = claim().value();
    EXPECT_EQ(task_of(job, "a").started_us, now_us_.load());
    run(ledger_.retry_later(task.lease, kReason, 1h));
    EXPECT_EQ(task_of(job, "a").not_before_us, now_us_.load() + std::chrono::microseconds(1h).count());
}

TEST(Priorities, Are_known_by_their_names) {
    for (const auto priority : {Priority::bulk, Priority::watched, Priority::watched_now, Priority::watched_first,
                                Priority::interactive, Priority::publish, Priority::on_demand})
        EXPECT_EQ(priority_from_text(to_text(priority)), priority);
    EXPECT_EQ(priority_from_text("urgent"), std::nullopt);
}

}  // namespace
}  // namespace movio::ledger
