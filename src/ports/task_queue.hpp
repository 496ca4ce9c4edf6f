#pragma once
#include <functional>
#include <string>

#include "base/ids.hpp"

namespace movio {

// Only the bell: tells workers that a task row may be ready. It may lose or repeat; the rows are the truth.
class TaskQueue {
public:
    virtual ~TaskQueue() = default;
    virtual void ring(const std::string& queue, TaskId task, int priority) = 0;
    // The handler is called on any thread and must only wake something. It stays until the queue is destroyed.
    virtual void listen(const std::string& queue, std::function<void(TaskId)> handler) = 0;
};

}  // namespace movio
