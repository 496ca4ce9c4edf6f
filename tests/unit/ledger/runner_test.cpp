#include "ledger/runner.hpp"

#include <algorithm>
#include <map>

#include "async/timing.hpp"
#include "fixture.hpp"

namespace movio::ledger {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

Awaitable<TaskOutcome> ends(TaskOutcome outcome) { co_return outcome; }

Awaitable<TaskOutcome> throws(std::string reason) {
    co_await sleep_for(0ms);
    throw Failure(reason);
}

// Ends with the outcome once it is asked to stop, or when `open` becomes true.
Awaitable<TaskOutcome> waits(std::stop_token stop, const bool& open, TaskOutcome outcome) {
    while (!stop.stop_requested() && !open) co_await sleep_for(1ms);
    co_return outcome;
}

Awaitable<TaskOutcome> ignores_stop() {
    co_await sleep_for(1h);
    co_return Done{};
}

class TaskRunnerTest : public LedgerTest {
protected:
    void TearDown() override { stop(); }

    TaskRunner& runner(std::vector<SlotClass> classes = {{.name = "batch"}},
                       std::chrono::milliseconds renew_every = 5ms) {
        RunnerOptions options;
        options.owner = "a";
        options.classes = std::move(classes);
        options.renew_every = renew_every;
        options.sweep_every = 5ms;
        // Longer than a test may take: work starts by the bell alone.
        options.poll_every = 10min;
        options.stop_grace = 200ms;
        return runner_.emplace(ledger_, loop_.executor(), std::move(options));
    }
    void start() { runner_->start(); }
    void stop() {
        if (runner_) loop_.run(runner_->stop());
        runner_.reset();
    }
    template <class Condition>
    void wait_until(const Condition& condition) {
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (!condition() && std::chrono::steady_clock::now() < end) loop_.run(sleep_for(1ms));
        ASSERT_TRUE(condition());
    }
    void wait_for_end(JobId job) {
        wait_until([&] { return state_of(job) != JobState::running; });
    }

    std::optional<TaskRunner> runner_;
    std::vector<std::string> handled_;
    bool open_ = false;
};

TEST_F(TaskRunnerTest, Task_that_nobody_wants_is_dropped_and_its_job_goes_on) {
    runner().handle("make", [&](LeasedTask task, std::stop_token) {
        handled_.push_back(task.key);
        return ends(task.key == "a" ? TaskOutcome(Dropped{}) : TaskOutcome(Done{}));
    });
    start();
    const auto job = add({make("a"), make("b")});
    wait_for_end(job);
    EXPECT_EQ(state_of(job), JobState::done);
    EXPECT_THAT(handled_, ElementsAre("a", "b"));
    EXPECT_THAT(run(ledger_.find(job))->tasks, SizeIs(1));
}

TEST_F(TaskRunnerTest, Job_is_worked_off_in_the_order_of_its_plan) {
    runner().handle("make", [&](LeasedTask task, std::stop_token) {
        handled_.push_back(task.key);
        return ends(Done{.result = R"({"ok":true})", .effect = [key = task.key](SqlSession& session) {
                             session.run("INSERT INTO effects VALUES ($1)", {sql(key)});
                         }});
    });
    start();
    const auto job = add(chord(chain({make("a"), make("b")}), make("c")));
    wait_for_end(job);
    EXPECT_EQ(state_of(job), JobState::done);
    EXPECT_THAT(handled_, ElementsAre("a", "b", "c"));
    EXPECT_THAT(effects(), ElementsAre("a", "b", "c"));
    EXPECT_EQ(task_of(job, "b").result, R"({"ok":true})");
}

TEST_F(TaskRunnerTest, Exception_is_a_failed_attempt_and_the_next_may_succeed) {
    runner().handle("make", [&](LeasedTask task, std::stop_token) {
        handled_.push_back(task.key);
        return task.lease.attempt == 1 ? throws("out of luck") : ends(Done{});
    });
    start();
    const auto job = add({make("a")});
    wait_until([&] { return task_of(job, "a").failure.has_value(); });
    EXPECT_EQ(task_of(job, "a").failure->detail, "out of luck");
    pass(2s);
    bell_.ring("worker", {}, 1);
    wait_for_end(job);
    EXPECT_EQ(state_of(job), JobState::done);
    EXPECT_THAT(handled_, SizeIs(2));
}

TEST_F(TaskRunnerTest, Failed_ends_the_job_with_its_reason) {
    runner().handle("make", [](LeasedTask, std::stop_token) {
        return ends(Failed{{ErrorCode::not_media, "That is no film.", ""}});
    });
    start();
    const auto job = add(chain({make("a"), make("b")}));
    wait_for_end(job);
    EXPECT_EQ(run(ledger_.find(job)).value().job.failure->code, ErrorCode::not_media);
    EXPECT_EQ(task_of(job, "b").state, TaskState::cancelled);
}

TEST_F(TaskRunnerTest, Figures_tell_who_works_on_what) {
    runner({{.name = "batch", .slots = 2}, {.name = "on demand", .slots = 1, .at_least = Priority::on_demand}})
        .handle("make", [&](LeasedTask, std::stop_token stop) { return waits(stop, open_, Done{}); });
    EXPECT_EQ(runner_->figures().started_us, 0);
    start();
    const auto job = add({make("a")});
    wait_until([&] { return runner_->figures().tasks.size() == 1 && runner_->figures().seen_us > 0; });
    const auto figures = runner_->figures();
    EXPECT_EQ(figures.owner, "a");
    EXPECT_GT(figures.started_us, 0);
    EXPECT_EQ(figures.tasks.at(0).task.key, "a");
    EXPECT_EQ(figures.tasks.at(0).task.job, job);
    EXPECT_GT(figures.tasks.at(0).begun_us, 0);
    ASSERT_THAT(figures.classes, SizeIs(2));
    EXPECT_EQ(figures.classes[0].slots.name, "batch");
    EXPECT_EQ(figures.classes[0].busy, 1);
    EXPECT_EQ(figures.classes[1].busy, 0);
    open_ = true;
    wait_for_end(job);
    wait_until([&] { return runner_->figures().tasks.empty(); });
    EXPECT_EQ(runner_->figures().classes[0].busy, 0);
}

TEST_F(TaskRunnerTest, Kind_without_handler_is_left_for_others) {
    runner().handle("make", [&](LeasedTask, std::stop_token) { return ends(Done{}); });
    start();
    const auto job = add({{.kind = "strange", .key = "s"}, make("a")});
    wait_until([&] { return task_of(job, "a").state == TaskState::done; });
    EXPECT_EQ(task_of(job, "s").state, TaskState::ready);
}

TEST_F(TaskRunnerTest, Urgent_task_does_not_wait_for_a_full_batch) {
    runner({{.name = "batch", .slots = 2}, {.name = "on demand", .slots = 1, .at_least = Priority::on_demand}})
        .handle("make", [&](LeasedTask task, std::stop_token stop) {
            handled_.push_back(task.key);
            return task.priority == Priority::on_demand ? ends(Done{}) : waits(stop, open_, Done{});
        });
    start();
    const auto job = add({make("a"), make("b"), make("c")});
    wait_until([&] { return handled_.size() == 2; });
    write([&](SqlSession& session) { ledger_.add_tasks(session, job, {make("now", Priority::on_demand)}); });
    wait_until([&] { return task_of(job, "now").state == TaskState::done; });
    EXPECT_EQ(runner_->running(), 2U);
    EXPECT_THAT(handled_, UnorderedElementsAre("a", "b", "now"));
    open_ = true;
    wait_for_end(job);
    EXPECT_THAT(handled_, SizeIs(4));
}

TEST_F(TaskRunnerTest, Lease_is_renewed_while_the_handler_works) {
    runner().handle("make", [&](LeasedTask, std::stop_token stop) { return waits(stop, open_, Done{}); });
    start();
    const auto job = add({make("a")});
    wait_until([&] { return runner_->running() == 1; });
    for (int i = 0; i < 6; ++i) {
        pass(10s);
        // Both renewal and sweep come by several times; a sweep before the renewal would find nothing expired.
        for (int wait = 0; wait < 10; ++wait) loop_.run(sleep_for(5ms));
    }
    open_ = true;
    wait_for_end(job);
    EXPECT_EQ(state_of(job), JobState::done);
    EXPECT_EQ(task_of(job, "a").attempt, 1);
}

TEST_F(TaskRunnerTest, Clock_that_jumps_ahead_costs_the_living_nothing) {
    runner({{.name = "batch"}}, 10min).handle("make", [&](LeasedTask, std::stop_token stop) {
        return waits(stop, open_, Done{});
    });
    start();
    const auto job = add({make("a")});
    wait_until([&] { return runner_->running() == 1; });
    pass(24h);
    loop_.run(sleep_for(50ms));
    open_ = true;
    wait_for_end(job);
    EXPECT_EQ(state_of(job), JobState::done);
    EXPECT_EQ(task_of(job, "a").attempt, 1);
}

TEST_F(TaskRunnerTest, Warning_about_a_task_names_its_video) {
    const auto video = VideoId::make().text();
    runner().handle("make", [](LeasedTask, std::stop_token) { return throws("out of luck"); });
    start();
    ::testing::internal::CaptureStderr();
    const auto job = add({make("a")}, video + "/1");
    wait_until([&] { return task_of(job, "a").failure.has_value(); });
    const std::string log = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(log, testing::HasSubstr("a task will be tried again"));
    EXPECT_THAT(log, testing::HasSubstr(video));
}

TEST_F(TaskRunnerTest, Lost_lease_asks_the_handler_to_stop_and_its_work_is_dropped) {
    bool asked = false;
    runner().handle("make", [&](LeasedTask, std::stop_token stop) {
        const auto effect = [](SqlSession& session) { session.run("INSERT INTO effects VALUES ('late')"); };
        return waits(stop, asked, Done{.effect = effect});
    });
    start();
    const auto job = add({make("a")});
    wait_until([&] { return runner_->running() == 1; });
    run(ledger_.cancel(job));
    wait_until([&] { return runner_->running() == 0; });
    EXPECT_THAT(effects(), IsEmpty());
    EXPECT_EQ(state_of(job), JobState::cancelled);
}

TEST_F(TaskRunnerTest, Stop_gives_leases_back_at_once_and_costs_no_attempt) {
    runner({{.name = "batch", .slots = 2}}).handle("make", [&](LeasedTask task, std::stop_token stop) {
        // Whatever a handler says when it was asked to stop, it is not about the task.
        const Error error{ErrorCode::damaged, "killed", ""};
        return task.key == "a" ? waits(stop, open_, Retry{error}) : waits(stop, open_, Failed{error});
    });
    start();
    const auto job = add({make("a"), make("b")});
    wait_until([&] { return runner_->running() == 2; });
    stop();
    for (const char* key : {"a", "b"}) {
        const auto task = task_of(job, key);
        EXPECT_EQ(task.state, TaskState::ready);
        EXPECT_EQ(task.attempts_max - task.attempt, limits::kTaskAttemptsMax);
        EXPECT_FALSE(task.failure.has_value());
    }
    EXPECT_EQ(claimed_key("b"), "a");
}

TEST_F(TaskRunnerTest, What_is_done_when_stop_comes_counts) {
    runner().handle("make", [&](LeasedTask, std::stop_token stop) { return waits(stop, open_, Done{}); });
    start();
    const auto job = add({make("a")});
    wait_until([&] { return runner_->running() == 1; });
    stop();
    EXPECT_EQ(state_of(job), JobState::done);
}

TEST_F(TaskRunnerTest, Handler_that_ignores_stop_is_cancelled_after_the_grace) {
    runner().handle("make", [](LeasedTask, std::stop_token) { return ignores_stop(); });
    start();
    const auto job = add({make("a")});
    wait_until([&] { return runner_->running() == 1; });
    const auto begin = std::chrono::steady_clock::now();
    stop();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
    EXPECT_EQ(task_of(job, "a").state, TaskState::ready);
}

TEST_F(TaskRunnerTest, Effect_that_cannot_be_applied_is_a_failed_attempt) {
    runner().handle("make", [](LeasedTask, std::stop_token) {
        return ends(Done{.effect = [](SqlSession& session) { session.run("INSERT INTO nowhere VALUES (1)"); }});
    });
    start();
    const auto job = add({make("a")});
    wait_until([&] { return task_of(job, "a").state == TaskState::ready && task_of(job, "a").failure; });
    EXPECT_THAT(task_of(job, "a").failure->detail, testing::HasSubstr("INSERT INTO nowhere"));
}

TEST_F(TaskRunnerTest, Restart_goes_on_with_what_a_dead_predecessor_held) {
    const auto job = add({make("a")});
    ASSERT_TRUE(claim(Priority::bulk, "a"));
    EXPECT_EQ(run(ledger_.release_owner("a")), 1);
    runner().handle("make", [](LeasedTask, std::stop_token) { return ends(Done{}); });
    start();
    wait_for_end(job);
    EXPECT_EQ(task_of(job, "a").attempt, 2);
}

TEST_F(TaskRunnerTest, Expired_lease_of_another_is_taken_over_by_the_sweep) {
    const auto job = add({make("a")});
    ASSERT_TRUE(claim(Priority::bulk, "dead"));
    runner().handle("make", [](LeasedTask, std::stop_token) { return ends(Done{}); });
    start();
    loop_.run(sleep_for(50ms));
    EXPECT_EQ(task_of(job, "a").state, TaskState::leased);
    pass(16s);
    wait_for_end(job);
    EXPECT_EQ(task_of(job, "a").owner, "a");
}

}  // namespace
}  // namespace movio::ledger
