#include "accounts/log_in_throttle.hpp"

#include <algorithm>
#include <utility>

#include "accounts/email_address.hpp"
#include "base/digest.hpp"
#include "base/limits.hpp"

namespace movio::accounts {
namespace {

using std::chrono::microseconds;

constexpr microseconds kAgain = std::chrono::seconds(1);  // for one more than may be under way

// Twice as long for each mistake beyond the free ones.
microseconds pause_after(int mistakes) {
    const int paid = mistakes - limits::kLogInMistakesFree;
    if (paid <= 0) return microseconds::zero();
    microseconds pause = limits::kLogInPauseFirst;
    for (int i = 1; i < paid && pause < limits::kLogInPauseMax; ++i) pause *= 2;
    return std::min<microseconds>(pause, limits::kLogInPauseMax);
}

}  // namespace

LogInThrottle::Attempt::Attempt(Attempt&& other) noexcept
    : throttle_(std::exchange(other.throttle_, nullptr)),
      key_(std::move(other.key_)),
      wait_(other.wait_),
      right_(other.right_) {}

LogInThrottle::Attempt::~Attempt() {
    if (throttle_ != nullptr && wait_ == microseconds::zero()) throttle_->end(key_, right_);
}

LogInThrottle::Attempt LogInThrottle::begin(std::string_view name, std::string_view network) {
    // A hash has one size, whatever is typed, and tells nobody who looks into memory whom somebody tried.
    auto key = sha256_hex(as_bytes(email_key(name) + '\n' + std::string(network)));
    const auto now = now_us_();
    const std::scoped_lock lock(mutex_);
    if (seen_.size() >= limits::kLogInNamesMax) forget_old(now);
    auto& seen = seen_[key];
    if (is_old(seen, now)) seen = {};
    seen.last_us = now;
    auto wait = microseconds(std::max<std::int64_t>(seen.next_us - now, 0));
    if (wait == microseconds::zero() && seen.under_way >= limits::kLogInsUnderWayMax) wait = kAgain;
    if (wait == microseconds::zero()) ++seen.under_way;
    return {this, std::move(key), wait};
}

void LogInThrottle::end(const std::string& key, bool right) {
    const auto now = now_us_();
    const std::scoped_lock lock(mutex_);
    const auto found = seen_.find(key);
    if (found == seen_.end()) return;
    auto& seen = found->second;
    --seen.under_way;
    seen.last_us = now;
    if (right) {
        seen.mistakes = 0;
        seen.next_us = 0;
        if (seen.under_way <= 0) seen_.erase(found);
        return;
    }
    ++seen.mistakes;
    seen.next_us = now + pause_after(seen.mistakes).count();
}

void LogInThrottle::forget_old(std::int64_t now_us) {
    std::erase_if(seen_, [now_us](const auto& entry) { return is_old(entry.second, now_us); });
    // All of them are fresh: an attack with many names. Those without a pause go, whose mistakes were free anyway; the
    // rest only where that is not enough.
    if (seen_.size() < limits::kLogInNamesMax) return;
    std::erase_if(
        seen_, [now_us](const auto& entry) { return entry.second.under_way <= 0 && entry.second.next_us <= now_us; });
    if (seen_.size() >= limits::kLogInNamesMax) seen_.clear();
}

bool LogInThrottle::is_old(const Seen& seen, std::int64_t now_us) {
    return seen.under_way <= 0 && now_us - seen.last_us > microseconds(limits::kLogInMistakesKept).count();
}

}  // namespace movio::accounts
