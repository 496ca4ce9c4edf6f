#include "adapters/memory/task_queue.hpp"

namespace movio {

void MemoryTaskQueue::ring(const std::string& queue, TaskId task, int) {
    std::vector<std::function<void(TaskId)>> handlers;
    {
        const std::scoped_lock lock(mutex_);
        const auto found = handlers_.find(queue);
        if (found == handlers_.end()) return;
        handlers = found->second;
    }
    for (const auto& handler : handlers) handler(task);
}

void MemoryTaskQueue::listen(const std::string& queue, std::function<void(TaskId)> handler) {
    const std::scoped_lock lock(mutex_);
    handlers_[queue].push_back(std::move(handler));
}

}  // namespace movio
