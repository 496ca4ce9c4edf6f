#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace movio::media {

// A time as SubRip, WebVTT and ASS write it: [hours:]minutes:seconds[.,]fraction, in milliseconds. Generous: any number
// of digits up to a bound, either separator, no fraction. Reads from the front of `text` and takes off what it read.
std::optional<std::int64_t> take_time(std::string_view& text);

struct CueTimes {
    std::int64_t start_ms = 0;
    std::int64_t end_ms = 0;
    std::string_view rest;  // what stands behind them on the line
};

// "00:00:01,000 --> 00:00:02,000 …"; nullopt when the line is something else.
std::optional<CueTimes> parse_times_line(std::string_view line);

// "00:00:01.000", hours of two digits or more.
std::string format_time(std::int64_t ms);

// A decimal number of at most nine digits before and any after the point, in thousandths; takes it off `text`.
std::optional<std::int64_t> take_thousandths(std::string_view& text);

std::string_view trim(std::string_view text);

}  // namespace movio::media
