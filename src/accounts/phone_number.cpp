#include "accounts/phone_number.hpp"

#include <algorithm>

namespace movio::accounts {
namespace {

constexpr std::size_t kDigitsMin = 7;
constexpr std::size_t kDigitsMax = 15;
// As keyboards write them, and as word processors and web pages do: no-break spaces, hyphens, dashes, minus.
constexpr std::string_view kSeparators[] = {" ",      "\t",     "-",      "(",      ")",      "[",
                                            "]",      "\u00a0", "\u2009", "\u202f", "\u2010", "\u2011",
                                            "\u2012", "\u2013", "\u2014", "\u2212"};

std::string without_separators(std::string_view given) {
    std::string out;
    while (!given.empty()) {
        const auto* const found =
            std::ranges::find_if(kSeparators, [&](std::string_view one) { return given.starts_with(one); });
        const bool is_separator = found != std::end(kSeparators);
        if (!is_separator) out += given.front();
        given.remove_prefix(is_separator ? found->size() : 1);
    }
    return out;
}

}  // namespace

std::optional<std::string> e164_number(std::string_view given) {
    if (given.contains("(0)")) return std::nullopt;
    auto number = without_separators(given);
    if (!number.starts_with('+') || number.starts_with("+0")) return std::nullopt;
    const auto digits = std::string_view(number).substr(1);
    const bool fits = digits.size() >= kDigitsMin && digits.size() <= kDigitsMax;
    if (!fits || !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    return number;
}

}  // namespace movio::accounts
