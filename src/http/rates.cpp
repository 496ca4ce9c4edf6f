#include "http/rates.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "http/gates.hpp"

namespace movio::http {
namespace {

constexpr std::array kRateClasses{RateClass::read,   RateClass::write,   RateClass::login,  RateClass::upload,
                                  RateClass::search, RateClass::segment, RateClass::report, RateClass::media};

std::int64_t seconds_up(std::chrono::microseconds time) {
    return std::chrono::ceil<std::chrono::seconds>(time).count();
}

std::string holder_of(const RequestContext& context, bool by_address) {
    const auto& caller = context.caller;
    if (by_address || !caller) return "net/" + network_of(context.remote_address);
    return caller->token.empty() ? "user/" + caller->user.text() : "token/" + caller->token;
}

}  // namespace

std::string_view to_text(RateClass rate) {
    switch (rate) {
        case RateClass::read: return "read";
        case RateClass::write: return "write";
        case RateClass::login: return "login";
        case RateClass::upload: return "upload";
        case RateClass::search: return "search";
        case RateClass::segment: return "segment";
        case RateClass::report: return "report";
        case RateClass::media: return "media";
    }
    return "read";
}

std::optional<RateClass> known_rate_class(std::string_view text) {
    for (const auto rate : kRateClasses)
        if (text == to_text(rate)) return rate;
    return std::nullopt;
}

Awaitable<RateTaken> take_rate(const TakeRate& take, RateClass rate, const RequestContext& context) {
    const bool by_address = rate == RateClass::login;
    auto key = std::string(to_text(rate)) + "/" + holder_of(context, by_address);
    return take(std::move(key), rate, context.caller && !by_address ? context.caller->role : kStranger);
}

void tell_rate(Headers& headers, RateClass rate, const RateTaken& taken) {
    if (taken.quota == 0) return;
    const auto policy = to_text(rate);
    headers.set("RateLimit-Policy", fmt::format("\"{}\";q={};w={}", policy, taken.quota, taken.window.count()));
    headers.set("RateLimit", fmt::format("\"{}\";r={};t={}", policy, taken.left, seconds_up(taken.more_in)));
}

Response rate_refusal(const EndpointDescription& endpoint, RateClass rate, const RateTaken& taken,
                      const RequestContext& context) {
    const auto wait_s = seconds_up(taken.wait);
    Error error{ErrorCode::rate_limited,
                fmt::format("Too many requests. Try again in {} second{}.", wait_s, wait_s == 1 ? "" : "s"),
                {}};
    auto response = refuse(endpoint, {.error = std::move(error), .retry_after_s = wait_s}, context);
    tell_rate(response.headers, rate, taken);
    return response;
}

}  // namespace movio::http
