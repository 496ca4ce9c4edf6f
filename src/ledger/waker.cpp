#include "ledger/waker.hpp"

#include <mutex>
#include <optional>

#include <boost/asio/post.hpp>

namespace movio::ledger {

struct Waker::State : std::enable_shared_from_this<Waker::State> {
    std::mutex mutex;
    std::optional<asio::any_io_executor> executor;  // empty when closed
    std::function<void()> woken;
    bool pending = false;

    void wake() {
        // Posted under the lock, so that close() is not followed by a use of the executor.
        const std::scoped_lock lock(mutex);
        if (!executor || pending) return;
        pending = true;
        asio::post(*executor, [self = shared_from_this()] { self->call(); });
    }

    void call() {
        {
            const std::scoped_lock lock(mutex);
            pending = false;
            if (!executor) return;
        }
        woken();
    }
};

Waker::Waker(asio::any_io_executor executor, std::function<void()> woken) : state_(std::make_shared<State>()) {
    state_->executor = std::move(executor);
    state_->woken = std::move(woken);
}

Waker::~Waker() { close(); }

std::function<void()> Waker::handle() const {
    return [state = state_] { state->wake(); };
}

void Waker::close() {
    const std::scoped_lock lock(state_->mutex);
    state_->executor.reset();
}

}  // namespace movio::ledger
