#include "fixture.hpp"

namespace movio::ledger {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Error kReason{ErrorCode::damaged, "The film is damaged.", "detail"};

TEST_F(LedgerTest, Job_is_added_once_while_it_is_open) {
    const auto add_again = [this](SqlSession& session) {
        return ledger_.add_job(session, {.kind = "video", .subject = "film"});
    };
    const auto first = write(add_again);
    const auto second = write(add_again);
    EXPECT_TRUE(first.is_new);
    EXPECT_FALSE(second.is_new);
    EXPECT_EQ(first.id, second.id);
    run(ledger_.cancel(first.id));
    const auto third = write(add_again);
    EXPECT_TRUE(third.is_new);
    EXPECT_NE(first.id, third.id);
}

TEST_F(LedgerTest, Task_is_added_once_by_key) {
    const auto job = add({make("a"), make("b")});
    const auto added =
        write([&](SqlSession& session) { return ledger_.add_tasks(session, job, {make("b"), make("c")}); });
    EXPECT_EQ(added, 1);
    EXPECT_THAT(run(ledger_.find(job)).value().tasks, SizeIs(3));
}

TEST_F(LedgerTest, Need_that_is_no_task_adds_nothing) {
    NewTask task = make("a");
    task.needs = {"nowhere"};
    EXPECT_THROW(add({make("b"), task}), Failure);
    EXPECT_EQ(claimed_key(), "");
}

TEST_F(LedgerTest, Ended_job_takes_no_tasks) {
    const auto job = add({make("a")});
    run(ledger_.cancel(job));
    EXPECT_EQ(write([&](SqlSession& session) { return ledger_.add_tasks(session, job, {make("b")}); }), 0);
}

TEST_F(LedgerTest, Claim_takes_the_most_urgent_then_the_oldest) {
    add({make("old"), make("new"), make("urgent", Priority::on_demand), make("soon", Priority::interactive)});
    EXPECT_EQ(claimed_key(), "urgent");
    EXPECT_EQ(claimed_key(), "soon");
    EXPECT_EQ(claimed_key(), "old");
    EXPECT_EQ(claimed_key(), "new");
    EXPECT_EQ(claimed_key(), "");
}

TEST_F(LedgerTest, Claim_takes_only_its_kinds_and_urgency) {
    add({{.kind = "strange", .key = "s"}, make("a")});
    EXPECT_EQ(claim(Priority::on_demand), std::nullopt);
    EXPECT_EQ(claimed_key(), "a");
    EXPECT_EQ(claimed_key(), "");
    EXPECT_EQ(run(ledger_.claim({}, Priority::bulk, "a")), std::nullopt);
}

TEST_F(LedgerTest, Claim_tells_the_handler_what_it_needs) {
    const auto job = add({{.kind = "make", .key = "a", .args = R"({"n":3})"}}, "film-7");
    const auto task = claim(Priority::bulk, "worker-1").value();
    EXPECT_EQ(task.job, job);
    EXPECT_EQ(task.job_kind, "video");
    EXPECT_EQ(task.subject, "film-7");
    EXPECT_EQ(task.args, R"({"n":3})");
    EXPECT_EQ(task.lease.owner, "worker-1");
    EXPECT_EQ(task.lease.attempt, 1);
}

TEST_F(LedgerTest, Only_the_newest_ready_tasks_of_a_kind_are_kept) {
    const NewTask other{.kind = "other", .key = "other"};
    const auto job = add({make("a"), make("b"), make("c"), make("d"), other});
    const auto another = add({make("a")}, "another");
    EXPECT_EQ(claimed_key(), "a");
    const auto drop = [&](int keep) {
        return write([&](SqlSession& session) { return ledger_.drop_ready(session, job, "make", keep); });
    };
    EXPECT_EQ(drop(2), 1);
    EXPECT_EQ(drop(2), 0);
    EXPECT_EQ(task_of(job, "a").state, TaskState::leased);
    EXPECT_EQ(claimed_key(), "c");
    EXPECT_EQ(drop(0), 1);
    EXPECT_EQ(task_of(job, "other").state, TaskState::ready);
    EXPECT_EQ(task_of(another, "a").state, TaskState::ready);
    EXPECT_EQ(write([&](SqlSession& session) { return ledger_.add_tasks(session, job, {make("b")}); }), 1);
    EXPECT_EQ(task_of(job, "b").state, TaskState::ready);
}

TEST_F(LedgerTest, What_another_task_needs_is_never_dropped) {
    const auto job = add(chain({make("a"), make("b")}));
    EXPECT_EQ(write([&](SqlSession& session) { return ledger_.drop_ready(session, job, "make", 0); }), 0);
    EXPECT_EQ(claimed_key(), "a");
}

TEST_F(LedgerTest, Clock_that_goes_back_holds_up_only_what_waits_for_its_next_attempt) {
    const auto back = [this] { pass(-1h); };
    const auto job = add(chain({make("a"), make("b")}));
    back();
    auto task = claim().value();
    run(ledger_.release(task.lease));
    back();
    task = claim().value();
    pass(16s);
    EXPECT_EQ(run(ledger_.sweep()).returned, 1);
    back();
    task = claim().value();
    EXPECT_EQ(run(ledger_.release_owner("a")), 1);
    back();
    EXPECT_TRUE(finish(claim().value()));
    back();
    task = claim().value();
    EXPECT_EQ(task.key, "b");
    run(ledger_.cancel(job));
    EXPECT_TRUE(run(ledger_.retry(job)).has_value());
    back();
    task = claim().value();
    EXPECT_TRUE(run(ledger_.retry_later(task.lease, kReason, 1s)));
    EXPECT_EQ(claim(), std::nullopt);
}

TEST_F(LedgerTest, Chord_becomes_ready_after_its_last_need_and_the_job_ends_after_it) {
    const auto job = add(chord({make("a"), make("b")}, make("end")));
    const auto a = claim().value(), b = claim().value();
    EXPECT_EQ(claim(), std::nullopt);
    EXPECT_TRUE(finish(a));
    EXPECT_EQ(claim(), std::nullopt);
    rung_.clear();
    EXPECT_TRUE(finish(b));
    EXPECT_THAT(rung_, SizeIs(1));
    const auto end = claim().value();
    EXPECT_EQ(end.key, "end");
    EXPECT_EQ(state_of(job), JobState::running);
    EXPECT_TRUE(finish(end));
    EXPECT_EQ(state_of(job), JobState::done);
    ASSERT_THAT(ended_, SizeIs(1));
    EXPECT_EQ(ended_[0].state, JobState::done);
    EXPECT_THAT(effects(), ElementsAre("a", "b", "end"));
}

TEST_F(LedgerTest, Effect_may_add_the_tasks_that_follow) {
    const auto job = add({make("index")});
    const auto index = claim().value();
    const auto effect = [&](SqlSession& session) {
        NewTask after = make("encode");
        after.needs = {"index"};
        ledger_.add_tasks(session, job, {after});
    };
    EXPECT_TRUE(run(ledger_.finish(index.lease, "{}", effect)));
    EXPECT_EQ(state_of(job), JobState::running);
    EXPECT_EQ(claimed_key(), "encode");
}

TEST_F(LedgerTest, Effect_that_throws_leaves_the_task_leased) {
    const auto job = add({make("a")});
    const auto task = claim().value();
    const auto effect = [](SqlSession& session) {
        session.run("INSERT INTO effects VALUES ('half')");
        throw Failure("no");
    };
    EXPECT_THROW(run(ledger_.finish(task.lease, "{}", effect)), Failure);
    EXPECT_THAT(effects(), IsEmpty());
    EXPECT_EQ(task_of(job, "a").state, TaskState::leased);
    EXPECT_TRUE(finish(task));
}

TEST_F(LedgerTest, Renewed_lease_is_not_swept) {
    add({make("a")});
    const auto task = claim().value();
    pass(10s);
    EXPECT_TRUE(run(ledger_.renew(task.lease)));
    pass(10s);
    EXPECT_EQ(run(ledger_.sweep()).returned, 0);
    EXPECT_TRUE(finish(task));
}

TEST_F(LedgerTest, Expired_lease_is_swept_and_its_holder_can_change_nothing) {
    const auto job = add({make("a")});
    const auto old = claim(Priority::bulk, "a").value();
    pass(16s);
    EXPECT_EQ(run(ledger_.sweep()).returned, 1);
    EXPECT_FALSE(finish(old));
    const auto fresh = claim(Priority::bulk, "b").value();
    EXPECT_EQ(fresh.lease.attempt, 2);
    EXPECT_FALSE(run(ledger_.renew(old.lease)));
    EXPECT_FALSE(finish(old));
    EXPECT_FALSE(run(ledger_.fail(old.lease, kReason)));
    EXPECT_FALSE(run(ledger_.retry_later(old.lease, kReason, 1s)));
    EXPECT_FALSE(run(ledger_.release(old.lease)));
    EXPECT_THAT(effects(), IsEmpty());
    EXPECT_TRUE(finish(fresh));
    EXPECT_EQ(state_of(job), JobState::done);
}

TEST_F(LedgerTest, Same_owner_with_an_older_attempt_is_fenced_too) {
    add({make("a")});
    const auto old = claim().value();
    EXPECT_EQ(run(ledger_.release_owner("a")), 1);
    const auto fresh = claim().value();
    EXPECT_FALSE(finish(old));
    EXPECT_TRUE(finish(fresh));
}

TEST_F(LedgerTest, Retry_waits_longer_each_time_and_fails_after_the_last_attempt) {
    const auto job = add({make("a"), make("b")});
    std::int64_t last_pause = 0;
    for (int attempt = 1; attempt < limits::kTaskAttemptsMax; ++attempt) {
        const auto task = run(ledger_.claim({"make"}, Priority::bulk, "a")).value();
        ASSERT_EQ(task.key, "a");
        EXPECT_TRUE(run(ledger_.retry_later(task.lease, kReason, std::nullopt)));
        EXPECT_EQ(task_of(job, "a").failure->code, ErrorCode::damaged);
        const auto not_before = write([](SqlSession& session) {
            return session.run("SELECT not_before_us FROM tasks WHERE key = 'a'").rows[0].integer(0);
        });
        const auto pause = not_before - now_us_;
        EXPECT_GE(pause, 750'000 << (attempt - 1));
        EXPECT_LE(pause, 1'250'000 << (attempt - 1));
        EXPECT_GT(pause, last_pause);
        last_pause = pause;
        pass(std::chrono::microseconds(pause - 1));
        EXPECT_EQ(run(ledger_.claim({"make"}, Priority::interactive, "a")), std::nullopt);
        pass(1us);
    }
    const auto last = claim().value();
    EXPECT_EQ(last.lease.attempt, limits::kTaskAttemptsMax);
    EXPECT_TRUE(run(ledger_.retry_later(last.lease, kReason, std::nullopt)));
    EXPECT_EQ(state_of(job), JobState::failed);
    EXPECT_EQ(task_of(job, "a").state, TaskState::failed);
    EXPECT_EQ(task_of(job, "b").state, TaskState::cancelled);
    ASSERT_THAT(ended_, SizeIs(1));
    EXPECT_EQ(ended_[0].failure->message, kReason.message);
}

TEST_F(LedgerTest, Final_failure_takes_the_other_leases) {
    const auto job = add({make("a"), make("b")});
    const auto a = claim().value(), b = claim().value();
    EXPECT_TRUE(run(ledger_.fail(a.lease, kReason)));
    EXPECT_EQ(state_of(job), JobState::failed);
    EXPECT_FALSE(run(ledger_.renew(b.lease)));
    EXPECT_FALSE(finish(b));
}

TEST_F(LedgerTest, Released_task_is_ready_at_once_and_keeps_its_attempts) {
    const auto job = add({make("a")});
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(run(ledger_.release(claim().value().lease)));
    const auto task = task_of(job, "a");
    EXPECT_EQ(task.attempts_max - task.attempt, limits::kTaskAttemptsMax);
}

TEST_F(LedgerTest, Task_that_is_interrupted_for_ever_fails_in_the_end) {
    const auto job = add({make("a")});
    for (int i = 0; i < limits::kTaskInterruptionsMax; ++i) {
        ASSERT_TRUE(claim());
        run(ledger_.release_owner("a"));
    }
    EXPECT_EQ(state_of(job), JobState::failed);
}

TEST_F(LedgerTest, Sweep_fails_a_task_whose_last_attempt_expired) {
    const auto job = add({make("a")});
    for (int i = 1; i <= limits::kTaskAttemptsMax; ++i) {
        ASSERT_TRUE(claim());
        pass(16s);
        const auto swept = run(ledger_.sweep());
        EXPECT_EQ(swept.returned, i < limits::kTaskAttemptsMax ? 1 : 0);
        EXPECT_EQ(swept.failed, i < limits::kTaskAttemptsMax ? 0 : 1);
    }
    EXPECT_EQ(state_of(job), JobState::failed);
    EXPECT_EQ(ended_.at(0).failure->code, ErrorCode::timeout);
}

TEST_F(LedgerTest, Cancelled_job_loses_its_leases_and_cannot_be_cancelled_again) {
    const auto job = add({make("a"), make("b")});
    const auto a = claim().value();
    EXPECT_TRUE(run(ledger_.cancel(job)));
    EXPECT_FALSE(run(ledger_.cancel(job)));
    EXPECT_FALSE(run(ledger_.cancel(JobId::make())));
    EXPECT_FALSE(run(ledger_.renew(a.lease)));
    EXPECT_EQ(claim(), std::nullopt);
    EXPECT_EQ(state_of(job), JobState::cancelled);
    EXPECT_EQ(ended_.at(0).failure->code, ErrorCode::cancelled);
}

TEST_F(LedgerTest, Retried_job_goes_on_with_what_was_not_done_and_keeps_the_fence) {
    const auto job = add(chain({make("a"), make("b"), make("c")}));
    EXPECT_TRUE(finish(claim().value()));
    const auto b = claim().value();
    EXPECT_TRUE(run(ledger_.fail(b.lease, kReason)));
    EXPECT_TRUE(run(ledger_.retry(job)).has_value());
    EXPECT_EQ(state_of(job), JobState::running);
    EXPECT_FALSE(finish(b));
    const auto again = claim().value();
    EXPECT_EQ(again.key, "b");
    EXPECT_EQ(again.lease.attempt, 2);
    EXPECT_EQ(again.attempts_max, 1 + limits::kTaskAttemptsMax);
    EXPECT_EQ(claim(), std::nullopt);
    EXPECT_FALSE(finish(b));
    EXPECT_TRUE(finish(again));
    EXPECT_EQ(claimed_key(), "c");
    EXPECT_THAT(effects(), ElementsAre("a", "b"));
}

TEST_F(LedgerTest, Retry_is_refused_with_a_reason) {
    EXPECT_EQ(run(ledger_.retry(JobId::make())).error().code, ErrorCode::not_found);
    const auto job = add({make("a")});
    EXPECT_EQ(run(ledger_.retry(job)).error().code, ErrorCode::conflict);
    run(ledger_.cancel(job));
    add({make("a")});
    EXPECT_EQ(run(ledger_.retry(job)).error().code, ErrorCode::conflict);
}

TEST_F(LedgerTest, List_pages_from_the_newest_back_and_is_stable_under_inserts) {
    std::vector<JobId> jobs;
    for (int i = 0; i < 5; ++i) {
        jobs.push_back(add({make("a")}, "film" + std::to_string(i)));
        if (i % 2 == 0) pass(1s);
    }
    auto page = run(ledger_.list({.limit = 2}));
    ASSERT_THAT(page.items, SizeIs(2));
    EXPECT_EQ(page.items[0].id, jobs[4]);
    EXPECT_EQ(page.items[1].id, jobs[3]);
    add({make("a")}, "newest");
    page = run(ledger_.list({.after = page.next, .limit = 2}));
    EXPECT_EQ(page.items[0].id, jobs[2]);
    EXPECT_EQ(page.items[1].id, jobs[1]);
    page = run(ledger_.list({.after = page.next, .limit = 2}));
    ASSERT_THAT(page.items, SizeIs(1));
    EXPECT_EQ(page.items[0].id, jobs[0]);
    EXPECT_EQ(page.next, std::nullopt);
    EXPECT_THAT(run(ledger_.list({.after = "nonsense"})).items, IsEmpty());
}

TEST_F(LedgerTest, List_filters) {
    const auto job = add({make("a")}, "one");
    add({make("a")}, "two");
    run(ledger_.cancel(job));
    EXPECT_THAT(run(ledger_.list({.state = JobState::cancelled})).items, SizeIs(1));
    EXPECT_THAT(run(ledger_.list({.state = JobState::running, .kind = "video", .subject = "two"})).items, SizeIs(1));
    EXPECT_THAT(run(ledger_.list({.state = JobState::running, .subject = "one"})).items, IsEmpty());
}

TEST_F(LedgerTest, Purge_forgets_only_what_ended_long_ago) {
    const auto old = add({make("a")}, "old");
    run(ledger_.cancel(old));
    const auto open = add(chain({make("a"), make("b")}), "open");
    pass(25h);
    const auto young = add({make("a")}, "young");
    run(ledger_.cancel(young));
    EXPECT_EQ(run(ledger_.purge(24h)), 1);
    EXPECT_EQ(run(ledger_.find(old)), std::nullopt);
    EXPECT_TRUE(run(ledger_.find(open)));
    EXPECT_TRUE(run(ledger_.find(young)));
}

TEST_F(LedgerTest, Nothing_is_rung_for_what_was_rolled_back) {
    const auto body = [&](SqlSession& session) {
        const auto job = ledger_.add_job(session, {.kind = "video", .subject = "film"});
        ledger_.add_tasks(session, job.id, {make("a")});
        throw Failure("no");
    };
    EXPECT_THROW(write(body), Failure);
    EXPECT_THAT(rung_, IsEmpty());
    add({make("a"), make("b")});
    EXPECT_THAT(rung_, SizeIs(2));
}

TEST_F(LedgerTest, Dropped_task_is_as_if_it_had_never_been_added) {
    const auto job = add({make("a"), make("b")});
    const auto first = claim();
    ASSERT_TRUE(run(ledger_.drop(first->lease)));
    EXPECT_FALSE(run(ledger_.drop(first->lease))) << "whoever holds an old lease changes nothing";
    EXPECT_EQ(run(ledger_.find(job))->tasks.size(), 1U);
    EXPECT_EQ(write([&](SqlSession& session) { return ledger_.add_tasks(session, job, {make("a")}); }), 1)
        << "it may come again";
}

TEST_F(LedgerTest, Job_ends_when_its_last_task_is_dropped) {
    const auto job = add({make("a"), make("b")});
    ASSERT_TRUE(finish(*claim()));
    ASSERT_TRUE(run(ledger_.drop(claim()->lease)));
    EXPECT_EQ(state_of(job), JobState::done);
}

TEST_F(LedgerTest, Attempt_that_made_something_is_not_held_against_the_task) {
    const auto job = add({make("a")});
    const Error killed{ErrorCode::internal, "killed", ""};
    const auto lose = [&](bool with_progress) {
        pass(std::chrono::hours(1));
        const auto task = claim();
        ASSERT_TRUE(task);
        if (with_progress) EXPECT_TRUE(run(ledger_.made_progress(task->lease)));
        EXPECT_TRUE(run(ledger_.retry_later(task->lease, killed, {})));
        EXPECT_FALSE(run(ledger_.made_progress(task->lease))) << "the lease is gone";
    };
    for (int i = 0; i < 3 * limits::kTaskAttemptsMax; ++i) lose(true);
    EXPECT_EQ(state_of(job), JobState::running);
    for (int i = 0; i < limits::kTaskAttemptsMax; ++i) lose(false);
    EXPECT_EQ(state_of(job), JobState::failed);
}

TEST_F(LedgerTest, Task_that_others_need_cannot_be_dropped) {
    add(then({make("a")}, {make("b")}));
    const auto first = claim();
    EXPECT_THROW(run(ledger_.drop(first->lease)), Failure);
    EXPECT_TRUE(finish(*first));
}

TEST_F(LedgerTest, Ready_tasks_are_dropped_by_key_and_only_those) {
    const auto job = add({make("a"), make("b"), make("c")});
    const auto at_work = claim();
    ASSERT_EQ(at_work->key, "a");
    const auto dropped =
        write([&](SqlSession& session) { return ledger_.drop_ready(session, job, "make", {"a", "c", "unknown"}); });
    EXPECT_EQ(dropped, 1) << "what is at work stays";
    EXPECT_EQ(claimed_key(), "b");
    EXPECT_TRUE(finish(*at_work));
}

TEST_F(LedgerTest, Priority_changed_later_decides_what_is_claimed_next) {
    const auto job = add({make("a"), make("b"), make("c")});
    write([&](SqlSession& session) {
        const auto waiting = ledger_.ready(session, job, "make");
        ASSERT_EQ(waiting.size(), 3U);
        EXPECT_EQ(waiting[2].key, "c");
        ledger_.set_priority(session, {waiting[2].id}, Priority::watched_now);
    });
    EXPECT_EQ(claimed_key(), "c");
    write([&](SqlSession& session) {
        ledger_.set_priority(session, {ledger_.ready(session, job, "make").at(1).id}, Priority::watched_now);
        ledger_.change_priority(session, job, Priority::watched_now, Priority::watched);
        EXPECT_EQ(ledger_.ready(session, job, "make").front().priority, Priority::watched);
    });
    EXPECT_EQ(claimed_key(), "b");
}

}  // namespace
}  // namespace movio::ledger
