#pragma once
#include <list>
#include <memory>
#include <mutex>
#include <utility>

#include "media/format/plan.hpp"
#include "ports/blob_store.hpp"
#include "processing/film_rows.hpp"

namespace movio::processing {

// Parsed plans of the films at work. Plans are immutable, so an entry never goes stale. Thread-safe, bounded.
class PlanCache {
public:
    explicit PlanCache(BlobStore& blobs) : blobs_(blobs) {}
    // nullptr while the film has no plan in the store.
    Awaitable<std::shared_ptr<const media::Plan>> find(FilmKey film);

private:
    using Entry = std::pair<FilmKey, std::shared_ptr<const media::Plan>>;

    std::shared_ptr<const media::Plan> known(const FilmKey& film);

    BlobStore& blobs_;
    std::mutex mutex_;
    std::list<Entry> entries_;  // most recently used first
};

}  // namespace movio::processing
