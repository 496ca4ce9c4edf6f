#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "ports/task_queue.hpp"

namespace movio {

// The bell within one process: a ring calls the listeners at once, on the ringing thread. Never loses one.
class MemoryTaskQueue final : public TaskQueue {
public:
    void ring(const std::string& queue, TaskId task, int priority) override;
    void listen(const std::string& queue, std::function<void(TaskId)> handler) override;

private:
    std::mutex mutex_;
    std::map<std::string, std::vector<std::function<void(TaskId)>>> handlers_;
};

}  // namespace movio
