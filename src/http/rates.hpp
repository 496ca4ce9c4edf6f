#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/endpoint.hpp"

namespace movio::http {

// Also the name of its policy in RateLimit-Policy and RateLimit.
std::string_view to_text(RateClass rate);
// Exactly one of those words.
std::optional<RateClass> known_rate_class(std::string_view text);

// What became of taking one from a budget.
struct RateTaken {
    std::chrono::microseconds wait{0};  // zero: it was there; else how long until it is
    std::int64_t quota = 0;             // of the whole budget, which fills up in `window`; 0: there is no limit
    std::chrono::seconds window{0};
    std::int64_t left = 0;
    std::chrono::microseconds more_in{0};  // until there is one more than `left`
};

// The role of whoever is not logged in.
inline constexpr std::string_view kStranger = "stranger";

// Takes one from the budget of `key`, which differs by rate class and caller; how large it is depends on the caller's
// role. Thread-safe.
using TakeRate = std::function<Awaitable<RateTaken>(std::string key, RateClass rate, std::string_view role)>;

// Takes one for whoever asks. A token for programs has a budget of its own for each rate class, and so has each user
// who is logged in; others share one by remote address, IPv6 by /64. Log-ins count by address alone, since whoever is
// logged in needs none.
Awaitable<RateTaken> take_rate(const TakeRate& take, RateClass rate, const RequestContext& context);

// RateLimit-Policy and RateLimit as of draft-ietf-httpapi-ratelimit-headers-10, §3 and §4; nothing without a limit.
void tell_rate(Headers& headers, RateClass rate, const RateTaken& taken);
// 429 in the endpoint's shape, with Retry-After and both of them.
Response rate_refusal(const EndpointDescription& endpoint, RateClass rate, const RateTaken& taken,
                      const RequestContext& context);

}  // namespace movio::http
