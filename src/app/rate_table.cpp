#include "app/rate_table.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "access/role.hpp"
#include "app/setting_values.hpp"

namespace movio::app {
namespace {

using http::RateClass;

constexpr std::chrono::seconds kMinute{60};
constexpr std::chrono::seconds kHour{3600};
constexpr std::int64_t kCountMax = 1'000'000;  // as of the settings for everybody
constexpr std::int64_t kSecondsMax = 30 * 86400;

struct KindSetting {
    RateClass rate;
    std::string_view path;
    std::chrono::seconds in;
};

constexpr std::array kKinds{
    KindSetting{RateClass::read, "limits.reads_per_minute", kMinute},
    KindSetting{RateClass::write, "limits.writes_per_minute", kMinute},
    KindSetting{RateClass::login, "limits.logins_per_minute", kMinute},
    KindSetting{RateClass::upload, "limits.uploads_per_hour", kHour},
    KindSetting{RateClass::search, "limits.searches_per_minute", kMinute},
    KindSetting{RateClass::segment, "limits.segments_per_minute", kMinute},
    KindSetting{RateClass::report, "limits.reports_per_hour", kHour},
};

Rate rate_of(std::int64_t count, std::chrono::seconds in) {
    return count == 0 ? Rate{} : Rate{std::chrono::microseconds(in) / count, count};
}

// "60/3600": so many in so many seconds. "0": no limit.
std::optional<Rate> parse_rate(std::string_view text) {
    if (text == "0") return Rate{};
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto count = parse_whole_number(text.substr(0, slash), 1, kCountMax);
    const auto seconds = parse_whole_number(text.substr(slash + 1), 1, kSecondsMax);
    if (!count || !seconds) return std::nullopt;
    return rate_of(*count, std::chrono::seconds(*seconds));
}

bool is_kind(std::optional<RateClass> rate) {
    return rate && std::ranges::find(kKinds, *rate, &KindSetting::rate) != kKinds.end();
}

Awaitable<http::RateTaken> take(RateLimiter& limiter, std::string key, Rate rate) {
    if (rate.interval.count() == 0) co_return http::RateTaken{};
    const auto taken = co_await limiter.take(std::move(key), rate);
    co_return http::RateTaken{taken.wait, rate.burst,
                              std::chrono::ceil<std::chrono::seconds>(rate.interval * rate.burst), taken.left,
                              taken.more_in};
}

}  // namespace

Result<RateTable> RateTable::of(const Settings& settings) {
    RateTable table;
    for (const auto& kind : kKinds) table.of_all_[kind.rate] = rate_of(settings.integer(kind.path), kind.in);
    for (const auto& part : parse_list(settings.text("limits.by_role"))) {
        const auto said = split_role_value(part);
        const auto rate = said ? http::known_rate_class(said->kind) : std::nullopt;
        const auto budget = is_kind(rate) ? parse_rate(said->value) : std::nullopt;
        if (!budget || (said->role != http::kStranger && !access::known_role(said->role)))
            return fail(ErrorCode::invalid,
                        fmt::format("limits.by_role: '{}' is no limit; write ROLE.KIND=COUNT/SECONDS, such as "
                                    "viewer.search=60/60, or =0 for no limit. Roles: stranger, viewer, uploader, "
                                    "moderator, admin; kinds: read, write, login, upload, search, segment, report",
                                    part));
        // Whoever logs in is nobody yet.
        if (*rate == RateClass::login && said->role != http::kStranger)
            return fail(ErrorCode::invalid, fmt::format("limits.by_role: '{}': log-ins are counted by address, before "
                                                        "anybody has a role; write stranger.login",
                                                        part));
        table.of_role_[{*rate, said->role}] = *budget;
    }
    return table;
}

Rate RateTable::find(RateClass rate, std::string_view role) const {
    if (const auto found = of_role_.find({rate, std::string(role)}); found != of_role_.end()) return found->second;
    const auto found = of_all_.find(rate);
    return found == of_all_.end() ? Rate{} : found->second;
}

http::TakeRate take_rate_from(RateLimiter& limiter, RateTable table) {
    return [&limiter, table = std::move(table)](std::string key, RateClass rate, std::string_view role) {
        return take(limiter, std::move(key), table.find(rate, role));
    };
}

}  // namespace movio::app
