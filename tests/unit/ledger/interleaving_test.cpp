// Several workers that come, stall, crash and come back too late, in random order, against a model that knows who
// holds what. Whatever the order: each task is done once, each effect applied once, and an old lease changes nothing.
#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "fixture.hpp"

namespace movio::ledger {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kLeaseUs = std::chrono::microseconds(limits::kLease).count();

struct Held {
    LeasedTask task;
    std::int64_t until_us = 0;
};

class InterleavingTest : public LedgerTest {
protected:
    std::size_t random(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(engine_); }

    // A random plan: parts of chains and groups, each after the one before or beside it.
    Plan random_plan() {
        Plan plan;
        int next = 0;
        const auto tasks = [&](std::size_t count) {
            Plan some;
            for (std::size_t i = 0; i < count; ++i) {
                NewTask task = make("t" + std::to_string(next++));
                task.priority = random(5) == 0 ? Priority::on_demand : Priority::bulk;
                task.attempts_max = 1000;
                some.push_back(std::move(task));
            }
            return some;
        };
        for (int part = 0; part < 4; ++part) {
            Plan some = random(2) == 0 ? chain(tasks(1 + random(3))) : tasks(1 + random(4));
            plan = random(3) == 0 ? group({std::move(plan), std::move(some)}) : then(std::move(plan), std::move(some));
        }
        return plan;
    }

    // Whether the lease is the one that the model says holds the task.
    bool is_current(const Lease& lease) const {
        const auto found = holders_.find(lease.task);
        return found != holders_.end() && found->second.task.lease.attempt == lease.attempt;
    }
    // One of the last few as often as one of all, so that there is progress.
    const LeasedTask& any_lease() {
        const std::size_t recent = std::min<std::size_t>(leases_.size(), 4);
        return random(2) == 0 ? leases_.at(random(leases_.size())) : leases_.at(leases_.size() - 1 - random(recent));
    }

    void try_claim() {
        const auto task = claim(random(4) == 0 ? Priority::on_demand : Priority::bulk, "w" + std::to_string(random(3)));
        if (!task) return;
        EXPECT_FALSE(holders_.contains(task->lease.task)) << "a task was claimed while it was held";
        EXPECT_FALSE(done_.contains(task->lease.task)) << "a task that was done was claimed";
        EXPECT_GT(task->lease.attempt, attempts_[task->lease.task]);
        for (const auto& need : needs_.at(task->key))
            EXPECT_TRUE(done_keys_.contains(need)) << task->key << " " << need;
        attempts_[task->lease.task] = task->lease.attempt;
        holders_[task->lease.task] = {*task, now_us_ + kLeaseUs};
        leases_.push_back(*task);
    }
    void try_finish() {
        const auto& task = any_lease();
        const bool current = is_current(task.lease);
        if (random(5) == 0) {
            // A crash between the effect and the commit.
            const auto dies = [](SqlSession& session) {
                session.run("INSERT INTO effects VALUES ('of a crash')");
                throw Failure("crash");
            };
            if (current) EXPECT_THROW(run(ledger_.finish(task.lease, "{}", dies)), Failure);
            return;
        }
        EXPECT_EQ(finish(task), current);
        if (!current) return;
        holders_.erase(task.lease.task);
        done_.insert(task.lease.task);
        done_keys_.insert(task.key);
    }
    void try_renew() {
        const auto& task = any_lease();
        EXPECT_EQ(run(ledger_.renew(task.lease)), is_current(task.lease));
        if (is_current(task.lease)) holders_.at(task.lease.task).until_us = now_us_ + kLeaseUs;
    }
    void try_give_up() {
        const auto& task = any_lease();
        const bool current = is_current(task.lease);
        const bool changed = random(2) == 0 ? run(ledger_.release(task.lease))
                                            : run(ledger_.retry_later(task.lease, {ErrorCode::internal, "x", ""}, 0ms));
        EXPECT_EQ(changed, current);
        if (current) holders_.erase(task.lease.task);
    }
    void restart_worker() {
        const std::string owner = "w" + std::to_string(random(3));
        const auto held =
            std::erase_if(holders_, [&](const auto& one) { return one.second.task.lease.owner == owner; });
        EXPECT_EQ(run(ledger_.release_owner(owner)), static_cast<std::int64_t>(held));
    }
    void sweep() {
        const auto expired = std::erase_if(holders_, [&](const auto& one) { return one.second.until_us < now_us_; });
        const auto swept = run(ledger_.sweep());
        EXPECT_EQ(swept.returned, static_cast<std::int64_t>(expired));
        EXPECT_EQ(swept.failed, 0);
    }

    void step() {
        switch (random(12)) {
            case 0:
            case 1:
            case 2: try_claim(); break;
            case 3:
            case 4:
            case 5:
                if (!leases_.empty()) try_finish();
                break;
            case 6:
                if (!leases_.empty()) try_renew();
                break;
            case 7:
                if (!leases_.empty()) try_give_up();
                break;
            case 8: restart_worker(); break;
            case 9: sweep(); break;
            default: pass(std::chrono::milliseconds(random(12'000))); break;
        }
    }

    void expect_each_done_once(const Plan& plan, JobId job) {
        auto applied = effects();
        EXPECT_EQ(applied.size(), plan.size());
        for (const auto& task : plan) {
            EXPECT_EQ(std::ranges::count(applied, task.key), 1) << task.key;
            EXPECT_EQ(task_of(job, task.key).state, TaskState::done);
            const auto place = std::ranges::find(applied, task.key);
            for (const auto& need : task.needs) EXPECT_LT(std::ranges::find(applied, need), place) << task.key;
        }
        EXPECT_EQ(state_of(job), JobState::done);
        ASSERT_EQ(ended_.size(), 1U);
    }

    std::mt19937 engine_;
    std::map<std::string, std::vector<std::string>> needs_;
    std::map<TaskId, Held> holders_;
    std::map<TaskId, int> attempts_;
    std::set<TaskId> done_;
    std::set<std::string> done_keys_;
    std::vector<LeasedTask> leases_;  // every one ever given, the old ones too
};

class Interleaving : public InterleavingTest, public testing::WithParamInterface<unsigned> {};

TEST_P(Interleaving, Each_task_is_done_once_whatever_the_order) {
    engine_.seed(GetParam());
    const Plan plan = random_plan();
    for (const auto& task : plan) needs_[task.key] = task.needs;
    const auto job = add(plan);
    for (int steps = 0; done_.size() < plan.size() && steps < 20'000 && !HasFailure(); ++steps) step();
    ASSERT_EQ(done_.size(), plan.size());
    for (const auto& lease : leases_) EXPECT_FALSE(finish(lease));
    expect_each_done_once(plan, job);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Interleaving, testing::Range(1U, 61U));

TEST_F(InterleavingTest, Each_task_is_done_once_by_workers_on_many_threads) {
    Plan plan;
    for (int i = 0; i < 40; ++i) {
        plan.push_back(make("t" + std::to_string(i)));
        plan.back().attempts_max = 1000;
    }
    NewTask last = make("end");
    last.attempts_max = 1000;
    plan = chord(plan, last);
    const auto job = add(plan);
    std::atomic<bool> ended = false;
    std::atomic<int> finished = 0;
    const auto worker = [&](unsigned seed) {
        std::mt19937 engine(seed);
        const std::string owner = "thread" + std::to_string(seed);
        const auto chance = [&](unsigned percent) { return engine() % 100 < percent; };
        while (!ended) {
            const auto task = test::run(ledger_.claim({"make"}, Priority::bulk, owner));
            if (!task) {
                std::this_thread::sleep_for(1ms);
                continue;
            }
            if (chance(20)) continue;  // crashed
            if (chance(20)) pass(20s);
            if (chance(30)) test::run(ledger_.renew(task->lease));
            const auto effect = [key = task->key](SqlSession& session) {
                session.run("INSERT INTO effects VALUES ($1)", {sql(key)});
            };
            if (test::run(ledger_.finish(task->lease, "{}", effect))) ++finished;
        }
    };
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 4; ++i) threads.emplace_back(worker, i);
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (state_of(job) == JobState::running && std::chrono::steady_clock::now() < deadline) {
        pass(2s);
        run(ledger_.sweep());
        std::this_thread::sleep_for(1ms);
    }
    ended = true;
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(finished, 41);
    expect_each_done_once(plan, job);
}

}  // namespace
}  // namespace movio::ledger
