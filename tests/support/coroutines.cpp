#include "support/coroutines.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace movio::test {

struct Loop::State {
    asio::io_context context{1};
};

Loop::Loop() : state_(std::make_unique<State>()) {}

Loop::~Loop() {
    state_->context.restart();
    state_->context.poll();
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
