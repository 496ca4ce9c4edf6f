#include "playback/wish_bounds.hpp"

namespace movio::playback {
namespace {

template <class Counts, class Key>
std::size_t count_of(const Counts& counts, const Key& key) {
    const auto found = counts.find(key);
    return found == counts.end() ? 0 : found->second;
}

// True when it was the last one.
template <class Counts, class Key>
bool take_one(Counts& counts, const Key& key) {
    const auto found = counts.find(key);
    if (--found->second > 0) return false;
    counts.erase(found);
    return true;
}

}  // namespace

WishBounds::Held::Held(WishBounds& bounds, VideoId video, std::string key, std::string viewer)
    : bounds_(&bounds), video_(video), key_(std::move(key)), viewer_(std::move(viewer)) {}

WishBounds::Held::Held(Held&& other) noexcept
    : bounds_(std::exchange(other.bounds_, nullptr)),
      video_(other.video_),
      key_(std::move(other.key_)),
      viewer_(std::move(other.viewer_)) {}

WishBounds::Held::~Held() {
    if (bounds_ != nullptr) bounds_->give_back(video_, key_, viewer_);
}

std::optional<WishBounds::Held> WishBounds::hold(VideoId video, const std::string& key, const std::string& viewer) {
    const std::scoped_lock lock(mutex_);
    const bool new_to_all = !requests_.contains(key);
    const bool new_to_viewer = !requests_of_viewer_.contains({viewer, key});
    if (wishers_ >= most_.wishers) return std::nullopt;
    if (new_to_all && (requests_.size() >= most_.all || count_of(keys_of_video_, video) >= most_.video))
        return std::nullopt;
    if (new_to_viewer && count_of(keys_of_viewer_, viewer) >= most_.viewer) return std::nullopt;
    ++wishers_;
    ++requests_[key];
    ++requests_of_viewer_[{viewer, key}];
    if (new_to_all) ++keys_of_video_[video];
    if (new_to_viewer) ++keys_of_viewer_[viewer];
    return Held(*this, video, key, viewer);
}

void WishBounds::give_back(VideoId video, const std::string& key, const std::string& viewer) {
    const std::scoped_lock lock(mutex_);
    --wishers_;
    if (take_one(requests_, key)) take_one(keys_of_video_, video);
    if (take_one(requests_of_viewer_, OfViewer{viewer, key})) take_one(keys_of_viewer_, viewer);
}

}  // namespace movio::playback
