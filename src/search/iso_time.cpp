#include "search/iso_time.hpp"

#include <chrono>

namespace movio::search {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kMinuteUs = 60 * kSecondUs;
constexpr std::int64_t kHourUs = 60 * kMinuteUs;
constexpr std::int64_t kDayUs = 24 * kHourUs;

class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
    bool take(char c) {
        if (peek() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    // Exactly so many digits, within bounds.
    std::optional<int> number(std::size_t digits, int min, int max) {
        if (rest_.size() < digits) return std::nullopt;
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
            value = value * 10 + (rest_[i] - '0');
        }
        if (value < min || value > max) return std::nullopt;
        rest_.remove_prefix(digits);
        return value;
    }

private:
    std::string_view rest_;
};

std::int64_t days_us(int year, int month, int day) {
    using namespace std::chrono;
    return sys_days(std::chrono::year(year) / month / day).time_since_epoch().count() * kDayUs;
}

// One to nine digits of a second; what is finer than a microsecond is cut off.
std::optional<TimeSpan> fraction(Reader& reader) {
    TimeSpan span{0, 0};
    std::int64_t unit = kSecondUs;
    int digits = 0;
    while (const auto digit = reader.number(1, 0, 9)) {
        unit /= 10;
        span.first_us += *digit * unit;
        if (++digits > 9) return std::nullopt;
    }
    if (digits == 0) return std::nullopt;
    span.last_us = span.first_us + (unit > 0 ? unit - 1 : 0);
    return span;
}

// What has to be taken off to come to UTC.
std::optional<std::int64_t> zone(Reader& reader) {
    if (reader.at_end() || reader.take('Z') || reader.take('z')) return 0;
    const bool west = reader.take('-');
    if (!west && !reader.take('+') && !reader.take(' ')) return std::nullopt;
    const auto hours = reader.number(2, 0, 18);
    if (!hours) return std::nullopt;
    std::int64_t offset_us = *hours * kHourUs;
    if (!reader.at_end()) {
        reader.take(':');
        const auto minutes = reader.number(2, 0, 59);
        if (!minutes) return std::nullopt;
        offset_us += *minutes * kMinuteUs;
    }
    return west ? -offset_us : offset_us;
}

// From the hour on; relative to the day's begin.
std::optional<TimeSpan> time_of_day(Reader& reader) {
    const auto hour = reader.number(2, 0, 23);
    if (!hour || !reader.take(':')) return std::nullopt;
    const auto minute = reader.number(2, 0, 59);
    if (!minute) return std::nullopt;
    TimeSpan span{*hour * kHourUs + *minute * kMinuteUs, 0};
    span.last_us = span.first_us + kMinuteUs - 1;
    if (reader.take(':')) {
        const auto second = reader.number(2, 0, 59);
        if (!second) return std::nullopt;
        span.first_us += *second * kSecondUs;
        span.last_us = span.first_us + kSecondUs - 1;
        if (reader.take('.') || reader.take(',')) {
            const auto part = fraction(reader);
            if (!part) return std::nullopt;
            span = {span.first_us + part->first_us, span.first_us + part->last_us};
        }
    }
    const auto offset_us = zone(reader);
    if (!offset_us || !reader.at_end()) return std::nullopt;
    return TimeSpan{span.first_us - *offset_us, span.last_us - *offset_us};
}

}  // namespace

std::optional<TimeSpan> parse_time(std::string_view text) {
    Reader reader(text);
    const auto year = reader.number(4, 1, 9999);
    if (!year) return std::nullopt;
    if (reader.at_end()) return TimeSpan{days_us(*year, 1, 1), days_us(*year + 1, 1, 1) - 1};
    if (!reader.take('-')) return std::nullopt;
    const auto month = reader.number(2, 1, 12);
    if (!month) return std::nullopt;
    if (reader.at_end()) {
        const auto next = *month == 12 ? days_us(*year + 1, 1, 1) : days_us(*year, *month + 1, 1);
        return TimeSpan{days_us(*year, *month, 1), next - 1};
    }
    if (!reader.take('-')) return std::nullopt;
    const auto day = reader.number(2, 1, 31);
    if (!day) return std::nullopt;
    using namespace std::chrono;
    if (!(std::chrono::year(*year) / *month / *day).ok()) return std::nullopt;
    const auto begin_us = days_us(*year, *month, *day);
    if (reader.at_end()) return TimeSpan{begin_us, begin_us + kDayUs - 1};
    if (!reader.take('T') && !reader.take('t') && !reader.take(' ')) return std::nullopt;
    const auto time = time_of_day(reader);
    if (!time) return std::nullopt;
    return TimeSpan{begin_us + time->first_us, begin_us + time->last_us};
}

}  // namespace movio::search
