#include "sandbox/slots.hpp"

#include <algorithm>
#include <array>
#include <list>
#include <mutex>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace movio::sandbox {

// The timer never rings: cancelling it, on its own executor, wakes the waiter.
struct ProcessSlots::Waiter {
    explicit Waiter(const asio::any_io_executor& executor) : timer(executor, asio::steady_timer::time_point::max()) {}
    asio::steady_timer timer;
    bool granted = false;  // guarded by State::mutex
};

struct ProcessSlots::State {
    std::mutex mutex;
    std::size_t places = 1;
    std::size_t batch_places = 1;
    std::size_t running = 0;
    std::size_t running_batch = 0;
    std::array<std::list<std::shared_ptr<Waiter>>, 3> queues;  // by Urgency

    std::list<std::shared_ptr<Waiter>>& queue(Urgency urgency) { return queues.at(static_cast<std::size_t>(urgency)); }

    bool is_free(Urgency urgency) const {
        return running < places && (urgency != Urgency::batch || running_batch < batch_places);
    }

    void take(Urgency urgency) {
        ++running;
        if (urgency == Urgency::batch) ++running_batch;
    }

    void grant_next() {
        for (const auto urgency : {Urgency::on_demand, Urgency::interactive, Urgency::batch}) {
            while (!queue(urgency).empty() && is_free(urgency)) {
                const auto next = queue(urgency).front();
                queue(urgency).pop_front();
                take(urgency);
                next->granted = true;
                asio::post(next->timer.get_executor(), [next] { next->timer.cancel(); });
            }
        }
    }

    void release(Urgency urgency) {
        --running;
        if (urgency == Urgency::batch) --running_batch;
    }

    void give_back(Urgency urgency) {
        const std::scoped_lock lock(mutex);
        release(urgency);
        grant_next();
    }
};

ProcessSlots::ProcessSlots(std::size_t places) : state_(std::make_shared<State>()) {
    state_->places = std::max<std::size_t>(places, 1);
    state_->batch_places = std::max<std::size_t>(state_->places - 1, 1);
}

ProcessSlots::Slot::~Slot() {
    if (state_) state_->give_back(urgency_);
}

// A place in the queue; leaves it, or gives back a grant nobody took, when the wait ends in any way.
struct ProcessSlots::Waiting {
    Waiting(std::shared_ptr<State> where, Urgency how, std::shared_ptr<Waiter> who)
        : state(std::move(where)), urgency(how), waiter(std::move(who)) {
        const std::scoped_lock lock(state->mutex);
        state->queue(urgency).push_back(waiter);
        state->grant_next();
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() {
        const std::scoped_lock lock(state->mutex);
        if (taken) return;
        if (waiter->granted) {
            state->release(urgency);
        } else {
            std::erase(state->queue(urgency), waiter);
        }
        state->grant_next();
    }
    bool granted() const {
        const std::scoped_lock lock(state->mutex);
        return waiter->granted;
    }

    std::shared_ptr<State> state;
    Urgency urgency;
    std::shared_ptr<Waiter> waiter;
    bool taken = false;
};

Awaitable<std::optional<ProcessSlots::Slot>> ProcessSlots::acquire(Urgency urgency, std::stop_token stop) {
    const auto waiter = std::make_shared<Waiter>(co_await asio::this_coro::executor);
    Waiting waiting(state_, urgency, waiter);
    const std::stop_callback on_stop(
        stop, [waiter] { asio::post(waiter->timer.get_executor(), [waiter] { waiter->timer.cancel(); }); });
    boost::system::error_code error;
    if (!waiting.granted() && !stop.stop_requested()) {
        co_await waiter->timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
    if (stop.stop_requested()) co_return std::nullopt;
    if (!waiting.granted()) throw boost::system::system_error(asio::error::operation_aborted);
    waiting.taken = true;
    co_return Slot(state_, urgency);
}

}  // namespace movio::sandbox
