#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"

namespace movio::catalog {

struct Progress {
    int percent = 0;
    std::string stage;               // index, encode, finish
    std::int64_t seconds_left = -1;  // -1 unknown
    std::int64_t at_us = 0;          // steady clock, when it was said
};

// What is being made right now, and who wants to hear of it. In memory only: progress is said anew every half second.
// Thread-safe.
class FilmWatch {
public:
    // Called on any thread when something about the film changed; must only wake something.
    using Listener = std::function<void(VideoId)>;

    // Listening ends when the subscription is destroyed.
    class Subscription {
    public:
        Subscription() = default;
        Subscription(FilmWatch* watch, std::uint64_t number) : watch_(watch), number_(number) {}
        Subscription(Subscription&& other) noexcept;
        Subscription& operator=(Subscription&& other) noexcept;
        ~Subscription();

    private:
        FilmWatch* watch_ = nullptr;
        std::uint64_t number_ = 0;
    };

    // No videos named: all of them.
    Subscription subscribe(std::vector<VideoId> videos, Listener listener);
    // The row changed (or captions did): tells the listeners.
    void changed(VideoId video);
    void set_progress(VideoId video, Progress progress);
    void clear_progress(VideoId video);
    std::optional<Progress> progress(VideoId video) const;

private:
    struct Entry {
        std::vector<VideoId> videos;
        std::shared_ptr<Listener> listener;
    };
    void unsubscribe(std::uint64_t number);

    mutable std::mutex mutex_;
    std::uint64_t next_number_ = 1;
    std::map<std::uint64_t, Entry> entries_;
    std::map<VideoId, Progress> progress_;
};

}  // namespace movio::catalog
