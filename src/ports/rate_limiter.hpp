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

struct Taken {
    std::chrono::microseconds wait{0};     // zero: it was there; else how long until it is, and nothing was taken
    std::int64_t left = 0;                 // that could be taken at once now
    std::chrono::microseconds more_in{0};  // until it is one more
};

// Counts requests against budgets (GCRA, ITU-T I.371: one time a key, no window to fall between). Thread-safe.
class RateLimiter {
public:
    virtual ~RateLimiter() = default;
    // Takes one from the budget of `key`. All zero where there is no limit.
    virtual Awaitable<Taken> take(std::string key, Rate rate) = 0;
};

}  // namespace movio
