#include "async/repeat.hpp"

#include <gtest/gtest.h>

#include "async/io_threads.hpp"
#include "async/task_group.hpp"
#include "async/timing.hpp"
#include "base/error.hpp"

namespace movio {
namespace {

struct Counted {
    int runs = 0;
    Awaitable<void> run_once() {
        ++runs;
        if (runs == 1) throw Failure("the first one fails");
        if (runs == 2) throw boost::system::system_error(asio::error::connection_reset);
        co_return;
    }
};

Awaitable<void> run_until_fourth(Counted& counted, asio::any_io_executor executor) {
    TaskGroup group(executor);
    group.spawn("counting",
                repeat_every(std::chrono::milliseconds(1), "counting", [&counted] { return counted.run_once(); }));
    while (counted.runs < 4) co_await sleep_for(std::chrono::milliseconds(1));
    group.cancel_all();
    co_await group.wait();
}

TEST(RepeatEvery, Failures_do_not_end_it_and_cancellation_does) {
    IoThreads threads(1);
    Counted counted;
    block_on(threads.executor(0), run_until_fourth(counted, threads.executor(0)));
    EXPECT_GE(counted.runs, 4);
}

}  // namespace
}  // namespace movio
