#include "processing/store_queue.hpp"

#include <chrono>
#include <utility>

#include "base/limits.hpp"

namespace movio::processing {

StoreQueue::StoreQueue(asio::any_io_executor executor, Store store)
    : store_(std::move(store)), group_(executor), emptied_(executor) {}

bool StoreQueue::has_room_for(std::size_t bytes) const {
    if (waiting_.empty()) return true;
    return waiting_.size() < limits::kStoreTogetherMax && waiting_bytes_ + bytes <= limits::kStoreTogetherBytes;
}

void StoreQueue::rethrow() const {
    if (error_) std::rethrow_exception(error_);
}

Awaitable<void> StoreQueue::add(media::Artefact artefact) {
    while (!error_ && !has_room_for(artefact.bytes.size())) co_await emptied_.wait_for(std::chrono::seconds(1));
    rethrow();
    waiting_bytes_ += artefact.bytes.size();
    waiting_.push_back(std::move(artefact));
    if (!std::exchange(running_, true)) group_.spawn("store artefacts", run());
}

Awaitable<void> StoreQueue::run() {
    while (!waiting_.empty() && !error_) {
        auto together = std::exchange(waiting_, {});
        waiting_bytes_ = 0;
        emptied_.notify();
        try {
            co_await store_(std::move(together));
        } catch (...) {
            error_ = std::current_exception();
            emptied_.notify();
        }
    }
    running_ = false;
}

Awaitable<void> StoreQueue::settle() {
    co_await group_.wait();
    rethrow();
}

}  // namespace movio::processing
