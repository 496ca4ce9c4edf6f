#pragma once
#include <cstdint>
#include <optional>

#include "media/engine/av/compat.hpp"
#include "media/format/rational.hpp"

namespace movio::media::av {

inline constexpr std::int64_t kTimeMax = std::int64_t{1} << 60;  // what is larger is no time but damage

inline std::optional<std::int64_t> usable_time(std::int64_t time) {
    if (time == AV_NOPTS_VALUE || time > kTimeMax || time < -kTimeMax) return std::nullopt;
    return time;
}

inline Rational from_av(AVRational value) { return {value.num, value.den}; }

inline std::int64_t to_microseconds(std::int64_t ticks, Rational time_base) {
    return scale(ticks, time_base.num * 1'000'000, time_base.den);
}
inline std::int64_t to_ticks(std::int64_t microseconds, Rational time_base) {
    return scale(microseconds, time_base.den, time_base.num * 1'000'000);
}

}  // namespace movio::media::av
