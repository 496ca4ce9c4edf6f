#include "catalog/duration.hpp"

#include <array>

#include <fmt/format.h>

namespace movio::catalog {
namespace {

// Holds the sum of parts that each have kDigitsMax digits.
__extension__ typedef __int128 Wide;  // NOLINT(modernize-use-using)

constexpr Wide kSecondUs = 1'000'000;
constexpr Wide kDayUs = 86'400 * kSecondUs;
constexpr std::size_t kDigitsMax = 18;

// Takes parts off the front of a text; what is left decides whether all of it was understood.
struct Reader {
    std::string_view rest;

    bool take(std::string_view word) {
        if (!rest.starts_with(word)) return false;
        rest.remove_prefix(word.size());
        return true;
    }
    std::string_view digits() {
        std::size_t count = 0;
        while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9') ++count;
        const auto found = rest.substr(0, count);
        rest.remove_prefix(count);
        return found;
    }
};

std::optional<Wide> number(std::string_view digits) {
    if (digits.empty() || digits.size() > kDigitsMax) return std::nullopt;
    Wide value = 0;
    for (const char digit : digits) value = value * 10 + (digit - '0');
    return value;
}

// ".5" is 500,000 millionths; digits beyond the sixth are dropped.
Wide millionths(std::string_view digits) {
    Wide value = 0;
    for (std::size_t i = 0; i < 6; ++i) value = value * 10 + (i < digits.size() ? digits[i] - '0' : 0);
    return value;
}

// Two days and a half of ISO 8601: digits, then a point or comma and more of them.
std::optional<Wide> fraction_us(Reader& reader, Wide unit_us) {
    const auto whole = number(reader.digits());
    if (!whole) return std::nullopt;
    Wide value = *whole * unit_us;
    if (reader.take(".") || reader.take(",")) {
        const auto digits = reader.digits();
        if (digits.empty()) return std::nullopt;
        value += millionths(digits) * unit_us / 1'000'000;
    }
    return value;
}

// "3 ", "3 day, ", "-3 days, " before the time; nothing is taken where there is none.
std::optional<Wide> take_days(Reader& reader, bool postgres) {
    Reader ahead = reader;
    const bool negative = ahead.take("-");
    const auto days = number(ahead.digits());
    if (!days || !ahead.take(" ")) return std::nullopt;
    const bool named = ahead.take("days") || ahead.take("day");
    if (postgres) {
        if (!named) return std::nullopt;
        ahead.take(" ");
    } else if (named && !ahead.take(", ")) {
        return std::nullopt;
    }
    reader = ahead;
    return (negative ? -*days : *days) * kDayUs;
}

std::optional<Wide> standard(std::string_view text) {
    Reader reader{text};
    const Wide days = take_days(reader, false).value_or(0);
    const bool negative = reader.take("-");
    Wide seconds = 0;
    int parts = 0;
    for (;;) {
        const auto part = number(reader.digits());
        if (!part || ++parts > 3) return std::nullopt;
        seconds = seconds * 60 + *part;
        if (!reader.take(":")) break;
    }
    Wide micros = 0;
    if (reader.take(".") || reader.take(",")) {
        const auto digits = reader.digits();
        if (digits.empty() || digits.size() > 12) return std::nullopt;
        micros = millionths(digits);
    }
    if (!reader.rest.empty()) return std::nullopt;
    const Wide time = seconds * kSecondUs + micros;
    return days + (negative ? -time : time);
}

std::optional<Wide> iso8601(std::string_view text) {
    Reader reader{text};
    const bool negative = reader.take("-");
    if (!negative) reader.take("+");
    if (!reader.take("P")) return std::nullopt;
    struct Unit {
        char letter;
        Wide micros;
    };
    constexpr std::array kUnits{Unit{'D', kDayUs}, Unit{'H', 3600 * kSecondUs}, Unit{'M', 60 * kSecondUs},
                                Unit{'S', kSecondUs}};
    Wide sum = 0;
    bool in_time = false;
    for (std::size_t next = 0; !reader.rest.empty();) {
        if (!in_time && reader.take("T")) {
            in_time = true;
            next = 1;
            continue;
        }
        std::size_t at = next;
        const auto digits_end = reader.rest.find_first_not_of("0123456789.,");
        if (digits_end == std::string_view::npos) return std::nullopt;
        while (at < kUnits.size() && kUnits.at(at).letter != reader.rest[digits_end]) ++at;
        if (at == kUnits.size() || (at == 0) == in_time) return std::nullopt;
        const auto value = fraction_us(reader, kUnits.at(at).micros);
        if (!value || reader.rest.empty() || reader.rest.front() != kUnits.at(at).letter) return std::nullopt;
        reader.rest.remove_prefix(1);
        sum += *value;
        next = at + 1;
    }
    return negative ? -sum : sum;
}

std::optional<Wide> postgres_interval(std::string_view text) {
    Reader reader{text};
    const auto days = take_days(reader, true);
    if (reader.rest.empty()) return days;
    const bool negative = reader.take("-");
    if (!negative) reader.take("+");
    const auto hours = number(reader.digits());
    if (!hours || !reader.take(":")) return std::nullopt;
    const auto minutes = reader.digits();
    if (minutes.size() != 2 || !reader.take(":")) return std::nullopt;
    const auto seconds = reader.digits();
    if (seconds.size() != 2) return std::nullopt;
    Wide micros = 0;
    if (reader.take(".")) {
        const auto digits = reader.digits();
        if (digits.empty() || digits.size() > 6) return std::nullopt;
        micros = millionths(digits);
    }
    if (!reader.rest.empty()) return std::nullopt;
    const Wide time = ((*hours * 60 + *number(minutes)) * 60 + *number(seconds)) * kSecondUs + micros;
    return days.value_or(0) + (negative ? -time : time);
}

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) {
    auto found = standard(text);
    if (!found) found = iso8601(text);
    if (!found) found = postgres_interval(text);
    if (!found || *found > INT64_MAX || *found < -INT64_MAX) return std::nullopt;
    return static_cast<std::int64_t>(*found);
}

std::string duration_text(std::int64_t duration_us) {
    constexpr std::int64_t kDay = 86'400LL * 1'000'000;
    std::int64_t days = duration_us / kDay;
    std::int64_t rest = duration_us % kDay;
    if (rest < 0) {
        rest += kDay;
        --days;
    }
    const std::int64_t seconds = rest / 1'000'000;
    std::string text = fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if (rest % 1'000'000 != 0) text += fmt::format(".{:06}", rest % 1'000'000);
    return days == 0 ? text : fmt::format("{} {}", days, text);
}

}  // namespace movio::catalog
