#include "async/io_threads.hpp"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <pthread.h>

#include "async/scheduling.hpp"

namespace movio {
namespace {

// One thread runs each context, so Asio need not wake others. A coroutine frame left over at the end belongs to its
// context, which therefore outlives the thread.
struct Worker {
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
    std::jthread thread;
};

}  // namespace

struct IoThreads::State {
    std::vector<std::unique_ptr<Worker>> workers;
};

IoThreads::IoThreads(std::size_t count) : state_(std::make_unique<State>()) {
    for (std::size_t i = 0; i < count; ++i) {
        auto worker = std::make_unique<Worker>();
        worker->thread = std::jthread([context = &worker->context, i] {
            pthread_setname_np(pthread_self(), ("movio-io-" + std::to_string(i)).c_str());
            ask_for_short_turns();
            context->run();
        });
        state_->workers.push_back(std::move(worker));
    }
}

IoThreads::~IoThreads() { stop(); }

std::size_t IoThreads::size() const { return state_->workers.size(); }

asio::any_io_executor IoThreads::executor(std::size_t index) const {
    return state_->workers.at(index)->context.get_executor();
}

bool IoThreads::is_current() const {
    return std::ranges::any_of(state_->workers, [](const std::unique_ptr<Worker>& worker) {
        return worker->context.get_executor().running_in_this_thread();
    });
}

void IoThreads::stop() {
    for (const auto& worker : state_->workers) {
        worker->guard.reset();
        worker->context.stop();
    }
    for (const auto& worker : state_->workers)
        if (worker->thread.joinable()) worker->thread.join();
}

}  // namespace movio
