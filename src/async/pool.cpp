#include "async/pool.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include <pthread.h>

namespace movio {

struct Pool::State {
    std::string name;
    std::size_t queue_max = 0;
    mutable std::mutex mutex;
    std::condition_variable wake;
    std::deque<std::move_only_function<void()>> queue;
    bool stopping = false;
    std::vector<std::jthread> threads;

    void run() {
        pthread_setname_np(pthread_self(), ("movio-" + name).substr(0, 15).c_str());
        for (;;) {
            std::move_only_function<void()> work;
            {
                std::unique_lock lock(mutex);
                wake.wait(lock, [this] { return stopping || !queue.empty(); });
                if (queue.empty()) return;
                work = std::move(queue.front());
                queue.pop_front();
            }
            work();
        }
    }
};

Pool::Pool(std::string name, std::size_t threads, std::size_t queue_max) : state_(std::make_unique<State>()) {
    state_->name = std::move(name);
    state_->queue_max = queue_max;
    for (std::size_t i = 0; i < threads; ++i) state_->threads.emplace_back([state = state_.get()] { state->run(); });
}

Pool::~Pool() {
    {
        const std::scoped_lock lock(state_->mutex);
        state_->stopping = true;
    }
    state_->wake.notify_all();
    state_->threads.clear();
}

bool Pool::try_post(std::move_only_function<void()> work) {
    {
        const std::scoped_lock lock(state_->mutex);
        if (state_->stopping || state_->queue.size() >= state_->queue_max) return false;
        state_->queue.push_back(std::move(work));
    }
    state_->wake.notify_one();
    return true;
}

const std::string& Pool::name() const { return state_->name; }

std::size_t Pool::queued() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->queue.size();
}

}  // namespace movio
