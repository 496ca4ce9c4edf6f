#pragma once
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/ids.hpp"
#include "base/limits.hpp"

namespace movio::playback {

// How many segments may be waited for at once: by one viewer, of one film, in all. Making one costs a second of a
// processor, so nobody may ask for all of a film at once. A segment that several wait for counts once, apart from the
// viewers', so that who asks for what is being made anyway is hardly ever refused. Thread-safe.
class WishBounds {
public:
    struct Most {
        std::size_t viewer = limits::kWishesPerViewerMax;
        std::size_t video = limits::kWishesPerVideoMax;
        std::size_t all = limits::kWishesMax;
        std::size_t wishers = limits::kWishersMax;
    };
    WishBounds() = default;
    explicit WishBounds(Most most) : most_(most) {}

    // One request's share, given back when it is destroyed. The bounds must outlive it.
    class Held {
    public:
        Held(Held&& other) noexcept;
        Held& operator=(Held&&) = delete;
        ~Held();

    private:
        friend class WishBounds;
        Held(WishBounds& bounds, VideoId video, std::string key, std::string viewer);
        WishBounds* bounds_;
        VideoId video_;
        std::string key_;
        std::string viewer_;
    };
    // `key` is the segment's blob, `viewer` whoever asks. nullopt when that would be one too many.
    std::optional<Held> hold(VideoId video, const std::string& key, const std::string& viewer);

private:
    template <class Key>
    using Counts = std::map<Key, std::size_t>;
    using OfViewer = std::pair<std::string, std::string>;  // viewer, key

    void give_back(VideoId video, const std::string& key, const std::string& viewer);

    const Most most_;
    std::mutex mutex_;
    std::size_t wishers_ = 0;
    Counts<std::string> requests_;   // by key
    Counts<VideoId> keys_of_video_;  // different ones
    Counts<OfViewer> requests_of_viewer_;
    Counts<std::string> keys_of_viewer_;  // different ones
};

}  // namespace movio::playback
