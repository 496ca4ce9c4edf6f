#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "async/asio.hpp"

namespace movio {

// How often: `burst` at once, then one each `interval`.
struct Rate {
    std::chrono::microseconds interval{0};  // 0: no limit
    std::int64_t burst = 1;
};

// Counts requests against budgets (GCRA, ITU-T I.371: one time a key, no window to fall between). Thread-safe.
class RateLimiter {
public:
    virtual ~RateLimiter() = default;
    // Takes one from the budget of `key`; zero when it was there, else how long until it is, and nothing is taken.
    virtual Awaitable<std::chrono::microseconds> take(std::string key, Rate rate) = 0;
};

}  // namespace movio
