#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audit/entry.hpp"
#include "ports/database.hpp"

namespace movio::audit {

// What is not set is not asked for.
struct Filter {
    std::optional<std::string> actor = {};    // a user's id
    std::optional<std::string> subject = {};  // an id
    std::optional<std::string> action = {};   // one, or all of a kind: "video" is also "video.deleted"
    std::optional<std::int64_t> from_us = {};
    std::optional<std::int64_t> to_us = {};  // not this moment any more
    // Time and id of the last one that was seen.
    std::optional<std::pair<std::int64_t, std::string>> before = {};
    int limit = 50;
};

// One service's trail. Thread-safe; the database outlives it.
class Trail {
public:
    Trail(Database& database, std::chrono::days keep) : database_(database), keep_(keep) {}

    // What no transaction of this service does.
    Awaitable<void> record(Entry entry);
    // Newest first.
    Awaitable<std::vector<Recorded>> list(Filter filter);
    // Forgets what is older than it is kept, some rows at a time. To be called now and then.
    Awaitable<void> clean_up();

private:
    Database& database_;
    std::chrono::days keep_;
};

}  // namespace movio::audit
