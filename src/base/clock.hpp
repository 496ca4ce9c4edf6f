#pragma once
#include <cstdint>
#include <string>

namespace movio {

// Microseconds since 1970 UTC. Leases and rows use the database's `movio_now_us()`; this is for everything else.
std::int64_t wall_now_us();
// Microseconds of a clock that never jumps; only differences mean anything.
std::int64_t steady_now_us();
// RFC 3339 with milliseconds and `Z`, as the API writes times.
std::string rfc3339(std::int64_t time_us);

}  // namespace movio
