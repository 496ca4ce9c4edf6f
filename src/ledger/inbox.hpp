#pragma once
#include <chrono>
#include <cstdint>

#include "async/asio.hpp"
#include "base/ids.hpp"
#include "ports/database.hpp"

namespace movio::ledger {

// Remembers which events a service has taken, so that one that is delivered twice has its effect once.
class Inbox {
public:
    // In the transaction of the effect: false when the event was taken before.
    static bool first_time(SqlSession& session, EventId event);
    // Forgets events older than that. Returns how many.
    static Awaitable<std::int64_t> purge(Database& database, std::chrono::hours older_than);
};

}  // namespace movio::ledger
