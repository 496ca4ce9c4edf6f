#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"

namespace movio::accounts {

// Slows down whoever guesses passwords: for one name from one network, a few mistakes are free, then each makes the
// next attempt wait twice as long. Others, and the same person elsewhere, are not held up, so nobody is locked out by
// somebody else's guesses. Names that nobody has are treated alike. Lives in memory: a restart forgets. Thread-safe.
class LogInThrottle {
public:
    using Clock = std::function<std::int64_t()>;  // microseconds of a clock that never jumps

    explicit LogInThrottle(Clock now_us = steady_now_us) : now_us_(std::move(now_us)) {}

    // One try, from when it is allowed until its outcome is known. Without an outcome it counts as a mistake.
    class Attempt {
    public:
        Attempt(Attempt&& other) noexcept;
        Attempt& operator=(Attempt&&) = delete;
        ~Attempt();

        // How long to wait before trying; zero: go on.
        std::chrono::microseconds wait() const { return wait_; }
        void succeeded() { right_ = true; }

    private:
        friend class LogInThrottle;
        Attempt(LogInThrottle* throttle, std::string key, std::chrono::microseconds wait)
            : throttle_(throttle), key_(std::move(key)), wait_(wait) {}

        LogInThrottle* throttle_;
        std::string key_;
        std::chrono::microseconds wait_;
        bool right_ = false;
    };

    // `name` as it was typed, `network` as http::network_of gives it.
    Attempt begin(std::string_view name, std::string_view network);

private:
    struct Seen {
        int mistakes = 0;
        int under_way = 0;  // so that guessing in parallel gains nothing
        std::int64_t next_us = 0;
        std::int64_t last_us = 0;
    };

    void end(const std::string& key, bool right);
    void forget_old(std::int64_t now_us);
    static bool is_old(const Seen& seen, std::int64_t now_us);

    Clock now_us_;
    std::mutex mutex_;
    std::unordered_map<std::string, Seen> seen_;
};

}  // namespace movio::accounts
