#include "adapters/memory/rate_limiter.hpp"

#include <algorithm>

#include "base/clock.hpp"

namespace movio {

MemoryRateLimiter::MemoryRateLimiter(std::size_t keys_max) : MemoryRateLimiter(keys_max, steady_now_us) {}

MemoryRateLimiter::MemoryRateLimiter(std::size_t keys_max, Clock now_us)
    : keys_max_(std::max<std::size_t>(keys_max, 1)), now_us_(std::move(now_us)) {}

Awaitable<Taken> MemoryRateLimiter::take(std::string key, Rate rate) {
    co_return rate.interval.count() <= 0 ? Taken{} : take_now(std::move(key), rate);
}

Taken MemoryRateLimiter::take_now(std::string key, Rate rate) {
    const std::scoped_lock lock(mutex_);
    const auto now_us = now_us_();
    while (!by_time_.empty() && by_time_.begin()->first <= now_us) forget_first();
    const auto found = full_us_.find(key);
    const auto full_us = found == full_us_.end() ? now_us : found->second;
    const auto interval_us = rate.interval.count();
    const auto whole_us = interval_us * std::max<std::int64_t>(rate.burst, 1);
    const auto next_us = full_us + interval_us;
    const auto spare_us = whole_us - (next_us - now_us);  // of the budget, once this one is taken
    if (spare_us < 0) return {std::chrono::microseconds(-spare_us), 0, std::chrono::microseconds(-spare_us)};
    const Taken taken{std::chrono::microseconds(0), spare_us / interval_us,
                      std::chrono::microseconds(interval_us - spare_us % interval_us)};
    if (found != full_us_.end()) {
        by_time_.erase({full_us, found->first});
        found->second = next_us;
        by_time_.emplace(next_us, found->first);
        return taken;
    }
    if (full_us_.size() >= keys_max_) forget_first();
    const auto added = full_us_.emplace(std::move(key), next_us).first;
    by_time_.emplace(next_us, added->first);
    return taken;
}

void MemoryRateLimiter::forget_first() {
    const auto first = by_time_.begin();
    const auto budget = full_us_.find(first->second);
    by_time_.erase(first);
    full_us_.erase(budget);
}

std::size_t MemoryRateLimiter::keys() const {
    const std::scoped_lock lock(mutex_);
    return full_us_.size();
}

}  // namespace movio
