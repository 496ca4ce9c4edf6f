#pragma once
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "async/asio.hpp"

namespace movio {

// A named, bounded set of threads for blocking work (`db`, `disk`, `crypto`, `media`). Work that does not fit into the
// queue is refused at once with PoolFull, which the HTTP session answers with 503.
class Pool {
public:
    Pool(std::string name, std::size_t threads, std::size_t queue_max);
    // Runs what is queued, then joins.
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    // Any thread. False when the queue is full.
    [[nodiscard]] bool try_post(std::move_only_function<void()> work);
    const std::string& name() const;
    std::size_t queued() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

class PoolFull : public std::runtime_error {
public:
    explicit PoolFull(const std::string& pool) : std::runtime_error("pool '" + pool + "' is full") {}
};

namespace detail {

struct OnPoolInitiation {
    template <class Handler, class Work>
    void operator()(Handler handler, Pool* pool, Work work) const {
        auto executor = asio::get_associated_executor(handler);
        auto guard = asio::make_work_guard(executor);
        // Shared, because a refused post must still be able to complete the handler.
        auto shared = std::make_shared<Handler>(std::move(handler));
        const bool posted = pool->try_post([shared, guard, executor, work = std::move(work)]() mutable {
            std::exception_ptr error;
            try {
                work();
            } catch (...) {
                error = std::current_exception();
            }
            // The work's captures end on this thread, before the caller goes on.
            {
                [[maybe_unused]] auto ended = std::move(work);
            }
            // All of it ends on the caller's thread: its event loop may be gone as soon as the handler has run.
            asio::post(executor, [shared = std::move(shared), guard = std::move(guard),
                                  error = std::move(error)]() mutable { std::move (*shared)(std::move(error)); });
        });
        if (!posted) {
            auto full = std::make_exception_ptr(PoolFull(pool->name()));
            asio::post(executor, [shared, full]() mutable { std::move (*shared)(full); });
        }
    }
};

}  // namespace detail

// Runs `work` on the pool and resumes on the caller's executor with its result. The work itself cannot be cancelled:
// it must carry its own deadline. What `work` refers to must outlive it; the caller awaits, so its locals do.
template <class Work>
Awaitable<std::invoke_result_t<Work&>> on_pool(Pool& pool, Work work) {
    using Value = std::invoke_result_t<Work&>;
    auto token = asio::use_awaitable;
    if constexpr (std::is_void_v<Value>) {
        auto task = [&work] { work(); };
        co_await asio::async_initiate<decltype(token), void(std::exception_ptr)>(detail::OnPoolInitiation{}, token,
                                                                                 &pool, std::move(task));
    } else {
        std::optional<Value> value;
        auto task = [&work, &value] { value.emplace(work()); };
        co_await asio::async_initiate<decltype(token), void(std::exception_ptr)>(detail::OnPoolInitiation{}, token,
                                                                                 &pool, std::move(task));
        co_return std::move(*value);
    }
}

}  // namespace movio
