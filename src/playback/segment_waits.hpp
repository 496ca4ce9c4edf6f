#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "async/asio.hpp"
#include "ports/event_bus.hpp"

namespace movio::playback {

// Requests that wait for a blob that is being made. Thread-safe; each waiter resumes on its own executor.
class SegmentWaits {
public:
    SegmentWaits();
    ~SegmentWaits();

    // A place in the waiting room, taken before the wish is sent so that the answer cannot slip through.
    class Place {
    public:
        Place(SegmentWaits& room, std::string key, const asio::any_io_executor& executor);
        ~Place();
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        // Resumes when the blob is said to be stored, or after `time`; the caller looks again either way.
        Awaitable<void> wait(std::chrono::milliseconds time);
        // Whether nobody has waited longer for this blob: who sends the wish for all.
        bool is_first() const;

    private:
        friend class SegmentWaits;
        struct State;
        SegmentWaits& room_;
        std::string key_;
        std::shared_ptr<State> state_;
    };

    // Hears of stored segments by the transient event `segment.stored`.
    void subscribe(EventBus& bus, const asio::any_io_executor& executor);
    // Any thread.
    void stored(const std::string& key);

private:
    Awaitable<void> handle(Event event);

    mutable std::mutex mutex_;
    std::multimap<std::string, std::weak_ptr<Place::State>> places_;
};

}  // namespace movio::playback
