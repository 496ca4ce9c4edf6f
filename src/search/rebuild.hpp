#pragma once
#include <cstdint>
#include <functional>

#include "ports/database.hpp"
#include "search/search_index.hpp"

namespace movio::search {

// Told after each film, on the caller's executor. `total` is what the catalog held at the start.
using RebuildProgress = std::function<void(std::int64_t done, std::int64_t total)>;

struct RebuildReport {
    std::int64_t films = 0;    // of the catalog that were gone through
    std::int64_t removed = 0;  // documents of films that the catalog does not have any more
};

// Brings the whole index to what the catalog says, a film at a time, while the index answers and the feed goes on.
// Films that are there already stay; may be broken off and begun again. An index whose file is damaged is deleted
// first (search.db and its -wal and -shm). References must outlive the call. Throws Failure.
Awaitable<RebuildReport> rebuild(Database& catalog, SearchIndex& index, RebuildProgress progress = {});

}  // namespace movio::search
