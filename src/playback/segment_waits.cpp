#include "playback/segment_waits.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

namespace movio::playback {

struct SegmentWaits::Place::State {
    asio::steady_timer timer;
    bool stored = false;
    explicit State(const asio::any_io_executor& executor) : timer(executor) {}
};

SegmentWaits::SegmentWaits() = default;
SegmentWaits::~SegmentWaits() = default;

SegmentWaits::Place::Place(SegmentWaits& room, std::string key, const asio::any_io_executor& executor)
    : room_(room), key_(std::move(key)), state_(std::make_shared<State>(executor)) {
    const std::scoped_lock lock(room_.mutex_);
    room_.places_.emplace(key_, state_);
}

SegmentWaits::Place::~Place() {
    const std::scoped_lock lock(room_.mutex_);
    const auto [first, last] = room_.places_.equal_range(key_);
    for (auto it = first; it != last; ++it) {
        if (it->second.lock() != state_) continue;
        room_.places_.erase(it);
        return;
    }
}

Awaitable<void> SegmentWaits::Place::wait(std::chrono::milliseconds time) {
    if (state_->stored) {
        state_->stored = false;
        co_return;
    }
    state_->timer.expires_after(time);
    boost::system::error_code error;
    co_await state_->timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    state_->stored = false;
}

void SegmentWaits::subscribe(EventBus& bus, const asio::any_io_executor& executor) {
    bus.subscribe("playback", {"segment.stored"}, executor, [this](Event event) { return handle(std::move(event)); });
}

Awaitable<void> SegmentWaits::handle(Event event) {
    stored(data_of(event).text_or("key", ""));
    co_return;
}

void SegmentWaits::stored(const std::string& key) {
    const std::scoped_lock lock(mutex_);
    const auto [first, last] = places_.equal_range(key);
    for (auto it = first; it != last; ++it) {
        auto place = it->second.lock();
        if (!place) continue;
        const auto executor = place->timer.get_executor();
        asio::post(executor, [place = std::move(place)] {
            place->stored = true;
            place->timer.cancel();
        });
    }
}

bool SegmentWaits::Place::is_first() const {
    const std::scoped_lock lock(room_.mutex_);
    // Equal keys of a multimap stay in the order in which they came.
    const auto first = room_.places_.lower_bound(key_);
    return first != room_.places_.end() && first->second.lock() == state_;
}

}  // namespace movio::playback
