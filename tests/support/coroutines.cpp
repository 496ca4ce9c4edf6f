#include "support/coroutines.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace movio::test {

struct Loop::State {
    asio::io_context context{1};
};

namespace {

// Event loops are used again, not destroyed: the thread that posted the last completion to one may not yet have come
// back from doing so.
struct FreeLoops {
    std::mutex mutex;
    std::vector<std::unique_ptr<Loop::State>> states;
};

FreeLoops& free_loops() {
    static FreeLoops all;
    return all;
}

}  // namespace

Loop::Loop() {
    auto& all = free_loops();
    const std::scoped_lock lock(all.mutex);
    if (all.states.empty()) all.states.push_back(std::make_unique<State>());
    state_ = std::move(all.states.back());
    all.states.pop_back();
}

Loop::~Loop() {
    state_->context.restart();
    state_->context.poll();
    auto& all = free_loops();
    const std::scoped_lock lock(all.mutex);
    all.states.push_back(std::move(state_));
}

asio::any_io_executor Loop::executor() { return state_->context.get_executor(); }

void Loop::run_to_end(Awaitable<void> task, std::chrono::milliseconds limit) {
    bool ended = false;
    std::exception_ptr error;
    asio::co_spawn(state_->context, std::move(task), [&](std::exception_ptr thrown) {
        error = std::move(thrown);
        ended = true;
    });
    const auto end = std::chrono::steady_clock::now() + limit;
    state_->context.restart();
    while (!ended) {
        if (state_->context.run_one_until(end) == 0) {
            std::fputs("a test's coroutine did not end in time, or waits for nothing\n", stderr);
            std::abort();
        }
    }
    if (error) std::rethrow_exception(error);
}

}  // namespace movio::test
