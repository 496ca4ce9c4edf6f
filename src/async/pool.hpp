#pragma once
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

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

// Runs `work`, which throws nothing, on the pool; what keeps it from being run is put into `refusal`. Exceptions do not
// go through the handler: Asio holds on to what it was given until after the coroutine that it resumed has gone on, and
// by then whoever got the exception may have let go of it on another thread.
struct OnPoolInitiation {
    template <class Handler, class Work>
    void operator()(Handler handler, Pool* pool, std::exception_ptr* refusal, Work work) const {
        auto executor = asio::get_associated_executor(handler);
        auto guard = asio::make_work_guard(executor);
        // Shared, because a refused post must still be able to complete the handler.
        auto shared = std::make_shared<Handler>(std::move(handler));
        const bool posted = pool->try_post([shared, guard, executor, work = std::move(work)]() mutable {
            work();
            // The work's captures end on this thread, before the caller goes on.
            {
                [[maybe_unused]] auto ended = std::move(work);
            }
            // All of it ends on the caller's thread: its event loop may be gone as soon as the handler has run.
            asio::post(executor,
                       [shared = std::move(shared), guard = std::move(guard)]() mutable { std::move (*shared)(); });
        });
        if (!posted) {
            *refusal = std::make_exception_ptr(PoolFull(pool->name()));
            asio::post(executor, [shared]() mutable { std::move (*shared)(); });
        }
    }
};

}  // namespace detail

// Runs `work` on the pool and resumes on the caller's executor with its result. The work itself cannot be cancelled:
// it must carry its own deadline. What `work` refers to must outlive it; the caller awaits, so its locals do.
template <class Work>
Awaitable<std::invoke_result_t<Work&>> on_pool(Pool& pool, Work work) {
    using Value = std::invoke_result_t<Work&>;
    std::conditional_t<std::is_void_v<Value>, std::monostate, std::optional<Value>> value;
    std::exception_ptr error;
    auto task = [&] {
        try {
            if constexpr (std::is_void_v<Value>)
                work();
            else
                value.emplace(work());
        } catch (...) {
            error = std::current_exception();
        }
    };
    auto token = asio::use_awaitable;
    co_await asio::async_initiate<decltype(token), void()>(detail::OnPoolInitiation{}, token, &pool, &error,
                                                           std::move(task));
    if (error) std::rethrow_exception(std::exchange(error, nullptr));
    if constexpr (!std::is_void_v<Value>) co_return std::move(*value);
}

}  // namespace movio
