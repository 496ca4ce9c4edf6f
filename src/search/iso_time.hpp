#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace movio::search {

// The time that a text names, as far as it names it: "2026-03" is a whole month, "2026-03-01T10:00:00.5Z" a tenth of a
// second. Microseconds since 1970 UTC, both ends included.
struct TimeSpan {
    std::int64_t first_us = 0;
    std::int64_t last_us = 0;
};

// ISO 8601 as clients of the original wrote it: YYYY[-MM[-DD[(T or space)HH:MM[:SS[.fraction]][zone]]]], zone Z, ±HH,
// ±HHMM or ±HH:MM; without one it is UTC. A '+' that became a space on its way through a query counts. nullopt for
// anything else.
std::optional<TimeSpan> parse_time(std::string_view text);

}  // namespace movio::search
