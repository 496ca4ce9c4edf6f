#include "access/compact_token.hpp"

#include <cmath>

#include "access/base64url.hpp"

namespace movio::access {
namespace {

// Beyond it a number of seconds is no date; far below what a double or an int64 of microseconds can hold.
constexpr double kSecondsMax = 1e12;

}  // namespace

std::optional<CompactToken> split_token(std::string_view token) {
    const auto first = token.find('.');
    if (first == std::string_view::npos) return std::nullopt;
    const auto second = token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
    auto header = token_object(token.substr(0, first));
    auto signature = from_base64url(token.substr(second + 1));
    if (!header || !signature) return std::nullopt;
    return CompactToken{std::move(*header), std::move(*signature), token.substr(first + 1, second - first - 1),
                        token.substr(0, second)};
}

std::optional<JsonView> token_object(std::string_view part) {
    const auto text = from_base64url(part);
    if (!text) return std::nullopt;
    auto parsed = JsonView::parse(*text);
    if (!parsed || !parsed->is_object()) return std::nullopt;
    return std::move(*parsed);
}

std::optional<std::int64_t> numeric_date(const JsonView& payload, std::string_view name) {
    const auto member = payload.find(name);
    const auto seconds = member ? member->number() : std::nullopt;
    if (!seconds || !(std::abs(*seconds) < kSecondsMax)) return std::nullopt;
    return static_cast<std::int64_t>(std::floor(*seconds));
}

}  // namespace movio::access
