#include "catalog/film_watch.hpp"

#include <algorithm>
#include <utility>

namespace movio::catalog {

FilmWatch::Subscription::Subscription(Subscription&& other) noexcept
    : watch_(std::exchange(other.watch_, nullptr)), number_(other.number_) {}

FilmWatch::Subscription& FilmWatch::Subscription::operator=(Subscription&& other) noexcept {
    if (this != &other) {
        if (watch_ != nullptr) watch_->unsubscribe(number_);
        watch_ = std::exchange(other.watch_, nullptr);
        number_ = other.number_;
    }
    return *this;
}

FilmWatch::Subscription::~Subscription() {
    if (watch_ != nullptr) watch_->unsubscribe(number_);
}

FilmWatch::Subscription FilmWatch::subscribe(std::vector<VideoId> videos, Listener listener) {
    const std::scoped_lock lock(mutex_);
    const auto number = next_number_++;
    entries_.emplace(number, Entry{std::move(videos), std::make_shared<Listener>(std::move(listener))});
    return {this, number};
}

void FilmWatch::unsubscribe(std::uint64_t number) {
    const std::scoped_lock lock(mutex_);
    entries_.erase(number);
}

void FilmWatch::changed(VideoId video) {
    std::vector<std::shared_ptr<Listener>> listeners;
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& [number, entry] : entries_)
            if (entry.videos.empty() || std::ranges::find(entry.videos, video) != entry.videos.end())
                listeners.push_back(entry.listener);
    }
    for (const auto& listener : listeners) (*listener)(video);
}

void FilmWatch::set_progress(VideoId video, Progress progress) {
    {
        const std::scoped_lock lock(mutex_);
        progress_[video] = std::move(progress);
    }
    changed(video);
}

void FilmWatch::clear_progress(VideoId video) {
    const std::scoped_lock lock(mutex_);
    progress_.erase(video);
}

std::optional<Progress> FilmWatch::progress(VideoId video) const {
    const std::scoped_lock lock(mutex_);
    const auto found = progress_.find(video);
    return found == progress_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace movio::catalog
