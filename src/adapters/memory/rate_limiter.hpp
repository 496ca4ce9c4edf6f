#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/limits.hpp"
#include "ports/rate_limiter.hpp"

namespace movio {

// RateLimiter of one process. A budget that is full again is forgotten; when there are too many keys, the one that is
// fullest is, so that what floods us with addresses loses least by it.
class MemoryRateLimiter final : public RateLimiter {
public:
    // Microseconds of a clock that never jumps back.
    using Clock = std::function<std::int64_t()>;

    explicit MemoryRateLimiter(std::size_t keys_max = limits::kRateKeysMax);
    MemoryRateLimiter(std::size_t keys_max, Clock now_us);

    Awaitable<Taken> take(std::string key, Rate rate) override;
    // Budgets that are not full.
    std::size_t keys() const;

private:
    // When each budget is full again (the theoretical arrival time of GCRA).
    using Budgets = std::map<std::string, std::int64_t, std::less<>>;

    Taken take_now(std::string key, Rate rate);
    void forget_first();

    const std::size_t keys_max_;
    const Clock now_us_;
    mutable std::mutex mutex_;
    Budgets full_us_;
    std::set<std::pair<std::int64_t, std::string_view>> by_time_;  // of the same, the texts are those of full_us_
};

}  // namespace movio
