#include "adapters/disk/growing_files.hpp"

#include <algorithm>
#include <list>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace movio::disk {
namespace {

struct Waiter {
    explicit Waiter(const asio::any_io_executor& executor) : timer(executor) {}
    asio::steady_timer timer;  // of its own executor alone
    std::int64_t bytes = 0;
};

}  // namespace

struct GrowingFile::State {
    mutable std::mutex mutex;
    BlobGrowth growth;
    std::list<std::shared_ptr<Waiter>> waiters;

    bool is_enough(std::int64_t bytes) const { return growth.bytes >= bytes || growth.state != Growth::growing; }

    // Under the mutex.
    void wake() const {
        for (const auto& waiter : waiters)
            if (is_enough(waiter->bytes))
                asio::post(waiter->timer.get_executor(), [waiter] { waiter->timer.cancel(); });
    }
};

GrowingFile::GrowingFile() : state_(std::make_unique<State>()) {}
GrowingFile::~GrowingFile() = default;

void GrowingFile::grown_to(std::int64_t bytes) {
    const std::scoped_lock lock(state_->mutex);
    state_->growth.bytes = bytes;
    state_->wake();
}

void GrowingFile::advance(Growth to) {
    const std::scoped_lock lock(state_->mutex);
    auto& now = state_->growth.state;
    if (now == Growth::stored || now == Growth::abandoned) return;
    now = to;
    state_->wake();
}

BlobGrowth GrowingFile::growth() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->growth;
}

Awaitable<BlobGrowth> GrowingFile::wait_for(std::shared_ptr<GrowingFile> file, std::int64_t bytes,
                                            std::chrono::milliseconds patience) {
    const auto waiter = std::make_shared<Waiter>(co_await asio::this_coro::executor);
    waiter->bytes = bytes;
    auto& state = *file->state_;
    // Leaves the list also when a cancelled caller is thrown out of the wait.
    struct Place {
        State& state;
        const std::shared_ptr<Waiter>& waiter;
        Place(State& where, const std::shared_ptr<Waiter>& who) : state(where), waiter(who) {
            const std::scoped_lock lock(state.mutex);
            state.waiters.push_back(waiter);
        }
        ~Place() {
            const std::scoped_lock lock(state.mutex);
            state.waiters.remove(waiter);
        }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
    } const place{state, waiter};
    for (auto before = file->growth();;) {
        // Set before the look: whatever grows after it cancels a timer that is set.
        waiter->timer.expires_after(patience);
        const auto seen = file->growth();
        if (seen.bytes >= bytes || seen.state != Growth::growing) co_return seen;
        boost::system::error_code error;
        co_await waiter->timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
        const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
        if (cancelled != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
        const auto now = file->growth();
        if (!error && now.bytes == before.bytes && now.state == Growth::growing) co_return now;
        before = now;
    }
}

void GrowingFiles::add(const std::string& key, Entry entry) {
    const std::scoped_lock lock(mutex_);
    entries_.emplace(key, std::move(entry));
}

void GrowingFiles::remove(const std::string& key, const std::shared_ptr<GrowingFile>& file) {
    const std::scoped_lock lock(mutex_);
    const auto [first, last] = entries_.equal_range(key);
    const auto found = std::find_if(first, last, [&](const auto& entry) { return entry.second.file == file; });
    if (found != last) entries_.erase(found);
}

GrowingFiles::Entry GrowingFiles::find(const std::string& key) const {
    const std::scoped_lock lock(mutex_);
    // Equal keys of a multimap stay in the order in which they came.
    const auto [first, last] = entries_.equal_range(key);
    return first == last ? Entry{} : std::prev(last)->second;
}

}  // namespace movio::disk
