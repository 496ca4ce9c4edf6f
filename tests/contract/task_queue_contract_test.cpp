// What every TaskQueue promises: very little, since the rows are the truth.
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "adapters/memory/task_queue.hpp"

namespace movio {
namespace {

struct TaskQueueCase {
    std::string name;
    std::unique_ptr<TaskQueue> (*open)();
};

class TaskQueueContract : public testing::TestWithParam<TaskQueueCase> {
protected:
    template <class Condition>
    static bool soon(const Condition& condition) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!condition() && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return condition();
    }

    std::unique_ptr<TaskQueue> queue_ = GetParam().open();
};

TEST_P(TaskQueueContract, Ring_wakes_a_listener_of_that_queue) {
    std::atomic<int> worker = 0, api = 0;
    std::mutex mutex;
    std::set<TaskId> seen;
    const auto task = TaskId::make();
    queue_->listen("worker", [&](TaskId id) {
        {
            const std::scoped_lock lock(mutex);
            seen.insert(id);
        }
        ++worker;
    });
    queue_->listen("api", [&](TaskId) { ++api; });
    queue_->ring("worker", task, 1);
    EXPECT_TRUE(soon([&] { return worker > 0; }));
    EXPECT_EQ(api, 0);
    const std::scoped_lock lock(mutex);
    EXPECT_TRUE(seen.contains(task));
}

TEST_P(TaskQueueContract, Ring_that_nobody_hears_is_no_error) { queue_->ring("nobody", TaskId::make(), 9); }

TEST_P(TaskQueueContract, Rings_may_come_from_many_threads) {
    std::atomic<int> heard = 0;
    queue_->listen("worker", [&](TaskId) { ++heard; });
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int round = 0; round < 100; ++round) queue_->ring("worker", TaskId::make(), 1);
        });
    for (auto& thread : threads) thread.join();
    EXPECT_TRUE(soon([&] { return heard > 0; }));
}

INSTANTIATE_TEST_SUITE_P(Adapters, TaskQueueContract,
                         testing::Values(TaskQueueCase{
                             "Memory",
                             []() -> std::unique_ptr<TaskQueue> { return std::make_unique<MemoryTaskQueue>(); }}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace movio
