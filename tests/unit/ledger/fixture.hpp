#pragma once
#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/memory/task_queue.hpp"
#include "adapters/sql/migrate.hpp"
#include "adapters/sql/sqlite/database.hpp"
#include "ledger/ledger.hpp"
#include "support/coroutines.hpp"
#include "support/temp_dir.hpp"

namespace movio::ledger {

// Memory, where there is some: these tests are about order, not about what a disk keeps.
inline std::filesystem::path fast_folder() {
    const std::filesystem::path memory = "/dev/shm";
    return std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
}

// A ledger on a database of its own, with a clock that only moves when told, and a table that effects write to.
class LedgerTest : public testing::Test {
protected:
    template <class T>
    T run(Awaitable<T> task) {
        return loop_.run(std::move(task));
    }
    template <class Body>
    auto write(Body body) {
        return loop_.run(database_.write(body));
    }

    void SetUp() override {
        loop_.run(migrate(database_, "processing"));
        write([](SqlSession& session) { session.run("CREATE TABLE effects (what TEXT NOT NULL)"); });
        bell_.listen("worker", [this](TaskId task) {
            const std::scoped_lock lock(rung_mutex_);
            rung_.push_back(task);
        });
        ledger_.on_job_ended([this](SqlSession&, const Job& job) { ended_.push_back(job); });
    }

    JobId add(const Plan& plan, std::string subject = "film") {
        return write([&](SqlSession& session) {
            const auto job = ledger_.add_job(session, {.kind = "video", .subject = subject});
            ledger_.add_tasks(session, job.id, plan);
            return job.id;
        });
    }
    std::optional<LeasedTask> claim(Priority at_least = Priority::bulk, std::string owner = "a") {
        return run(ledger_.claim({"make", "other"}, at_least, std::move(owner)));
    }
    std::string claimed_key(std::string owner = "a") {
        const auto task = claim(Priority::bulk, std::move(owner));
        return task ? task->key : "";
    }
    bool finish(const LeasedTask& task) {
        const auto effect = [key = task.key](SqlSession& session) {
            session.run("INSERT INTO effects VALUES ($1)", {sql(key)});
        };
        return run(ledger_.finish(task.lease, "{}", effect));
    }
    std::vector<std::string> effects() {
        return write([](SqlSession& session) {
            std::vector<std::string> all;
            for (const auto& row : session.run("SELECT what FROM effects ORDER BY rowid").rows)
                all.push_back(row.text(0));
            return all;
        });
    }
    JobState state_of(JobId job) { return run(ledger_.find(job)).value().job.state; }
    Task task_of(JobId job, std::string_view key) {
        const auto found = run(ledger_.find(job));
        for (const auto& task : found.value().tasks)
            if (task.key == key) return task;
        throw Failure("no such task");
    }
    void pass(std::chrono::microseconds time) { now_us_ += time.count(); }

    test::TempDir folder_{fast_folder()};
    std::atomic<std::int64_t> now_us_ = 1'700'000'000'000'000;
    SqliteDatabase database_{{.file = folder_ / "ledger.db", .now_us = [this] { return now_us_.load(); }}};
    MemoryTaskQueue bell_;
    Ledger ledger_{database_, bell_, "worker"};
    std::mutex rung_mutex_;
    std::vector<TaskId> rung_;
    std::vector<Job> ended_;
    test::Loop loop_;
};

inline NewTask make(std::string key, Priority priority = Priority::bulk) {
    return {.kind = "make", .key = std::move(key), .priority = priority};
}

}  // namespace movio::ledger
