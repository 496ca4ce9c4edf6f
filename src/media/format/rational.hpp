#pragma once
#include <compare>
#include <cstdint>
#include <numeric>

namespace movio::media {

struct Rational {
    std::int64_t num = 0;
    std::int64_t den = 1;
    bool operator==(const Rational&) const = default;
    bool positive() const { return num > 0 && den > 0; }
};

inline Rational reduced(Rational value) {
    const auto divisor = std::gcd(value.num, value.den);
    return divisor == 0 ? value : Rational{value.num / divisor, value.den / divisor};
}

enum class Rounding { down, nearest, up };

// 128 bits: a clang and gcc extension, named once so that -Wpedantic stays on elsewhere.
__extension__ typedef __int128 Wide;  // NOLINT(modernize-use-using)

// value · multiply / divide without overflow (128-bit inside), `divide` > 0; halves round away from zero.
inline std::int64_t scale(std::int64_t value, std::int64_t multiply, std::int64_t divide,
                          Rounding rounding = Rounding::nearest) {
    const Wide product = static_cast<Wide>(value) * multiply;
    const Wide floor = product / divide - (product % divide < 0 ? 1 : 0);
    const Wide rest = product - floor * divide;
    if (rounding == Rounding::up) return static_cast<std::int64_t>(floor + (rest > 0 ? 1 : 0));
    if (rounding == Rounding::down) return static_cast<std::int64_t>(floor);
    const bool round_up = rest * 2 > divide || (rest * 2 == divide && product >= 0);
    return static_cast<std::int64_t>(floor + (round_up ? 1 : 0));
}

}  // namespace movio::media
