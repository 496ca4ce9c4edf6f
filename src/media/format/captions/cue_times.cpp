#include "media/format/captions/cue_times.hpp"

#include <fmt/format.h>

namespace movio::media {

namespace {

constexpr std::size_t kDigitsMax = 9;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<std::int64_t> take_number(std::string_view& text) {
    std::int64_t value = 0;
    std::size_t digits = 0;
    while (digits < text.size() && is_digit(text[digits])) {
        if (digits == kDigitsMax) return std::nullopt;
        value = value * 10 + (text[digits] - '0');
        ++digits;
    }
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

bool take_char(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

// Digits behind the separator; those after the third are dropped.
std::int64_t take_fraction(std::string_view& text) {
    std::int64_t value = 0;
    std::int64_t weight = 100;
    while (!text.empty() && is_digit(text.front())) {
        value += (text.front() - '0') * weight;
        weight /= 10;
        text.remove_prefix(1);
    }
    return value;
}

}  // namespace

std::string_view trim(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::optional<std::int64_t> take_thousandths(std::string_view& text) {
    const auto whole = take_number(text);
    if (!whole) return std::nullopt;
    return *whole * 1000 + (take_char(text, '.') ? take_fraction(text) : 0);
}

std::optional<std::int64_t> take_time(std::string_view& text) {
    auto first = take_number(text);
    if (!first || !take_char(text, ':')) return std::nullopt;
    auto second = take_number(text);
    if (!second) return std::nullopt;
    std::int64_t hours = 0;
    if (take_char(text, ':')) {
        hours = *first;
        first = second;
        second = take_number(text);
        if (!second) return std::nullopt;
    }
    if (*first > 59 || *second > 59) return std::nullopt;
    const bool has_fraction = take_char(text, '.') || take_char(text, ',');
    return (hours * 3600 + *first * 60 + *second) * 1000 + (has_fraction ? take_fraction(text) : 0);
}

std::optional<CueTimes> parse_times_line(std::string_view line) {
    line = trim(line);
    // Cheap for the many lines that are text.
    if (line.empty() || !is_digit(line.front())) return std::nullopt;
    const auto start = take_time(line);
    line = trim(line);
    if (!start || !line.starts_with("-->")) return std::nullopt;
    line = trim(line.substr(3));
    const auto end = take_time(line);
    if (!end) return std::nullopt;
    return CueTimes{*start, *end, trim(line)};
}

std::string format_time(std::int64_t ms) {
    return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

}  // namespace movio::media
