#include "http/ranges.hpp"

#include <algorithm>
#include <limits>

namespace movio::http {
namespace {

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::string_view opaque(std::string_view etag) { return etag.starts_with("W/") ? etag.substr(2) : etag; }
bool is_weak(std::string_view etag) { return etag.starts_with("W/"); }

enum class Comparison { strong, weak };

// Entity tags may hold commas, so the list is cut at quotes.
bool list_has(std::string_view list, std::string_view etag, Comparison comparison) {
    if (trim(list) == "*") return !etag.empty();
    while (!list.empty()) {
        const auto open = list.find('"');
        if (open == std::string_view::npos) return false;
        const auto close = list.find('"', open + 1);
        if (close == std::string_view::npos) return false;
        const bool weak = open >= 2 && list.substr(open - 2, 2) == "W/";
        const auto tag = list.substr(open, close - open + 1);
        const bool comparable = comparison == Comparison::weak || (!weak && !is_weak(etag));
        if (comparable && tag == opaque(etag)) return true;
        list.remove_prefix(close + 1);
    }
    return false;
}

// Digits only; more than fits counts as the largest number. nullopt for anything else.
std::optional<std::int64_t> parse_position(std::string_view digits) {
    if (digits.empty() || !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    std::int64_t value = 0;
    for (const char c : digits) {
        if (value > (kMax - (c - '0')) / 10) return kMax;
        value = value * 10 + (c - '0');
    }
    return value;
}

constexpr Selection kUnsatisfiable{Part::range_not_satisfiable, 0, 0};

Selection select_range(std::string_view spec, std::int64_t bytes) {
    const Selection whole{Part::whole, 0, bytes};
    const auto dash = spec.find('-');
    if (dash == std::string_view::npos) return whole;
    const auto first_text = trim(spec.substr(0, dash));
    const auto last_text = trim(spec.substr(dash + 1));
    if (first_text.empty()) {
        const auto suffix = parse_position(last_text);
        if (!suffix) return whole;
        if (*suffix == 0) return kUnsatisfiable;
        if (bytes == 0) return whole;
        const auto length = std::min(*suffix, bytes);
        return {Part::range, bytes - length, length};
    }
    const auto first = parse_position(first_text);
    const auto last = last_text.empty() ? std::numeric_limits<std::int64_t>::max() : parse_position(last_text);
    if (!first || !last || *last < *first) return whole;
    if (*first >= bytes) return kUnsatisfiable;
    return {Part::range, *first, std::min(*last, bytes - 1) - *first + 1};
}

// The one range asked for; nullopt when it is none or many.
std::optional<std::string_view> single_range(std::string_view field) {
    const auto equals = field.find('=');
    if (equals == std::string_view::npos || !equals_ignoring_case(trim(field.substr(0, equals)), "bytes")) return {};
    std::optional<std::string_view> found;
    auto list = field.substr(equals + 1);
    for (;;) {
        const auto comma = list.find(',');
        const auto item = trim(list.substr(0, comma));
        if (!item.empty()) {
            if (found) return std::nullopt;
            found = item;
        }
        if (comma == std::string_view::npos) return found;
        list.remove_prefix(comma + 1);
    }
}

}  // namespace

bool is_known_to_client(const Headers& request, std::string_view etag) {
    return request.has("if-none-match") && list_has(request.joined("if-none-match"), etag, Comparison::weak);
}

Selection select_part(Method method, const Headers& request, std::int64_t bytes, std::string_view etag) {
    if (request.has("if-match") && !list_has(request.joined("if-match"), etag, Comparison::strong))
        return {Part::precondition_failed, 0, 0};
    if (is_known_to_client(request, etag)) return {Part::not_modified, 0, 0};
    const Selection whole{Part::whole, 0, bytes};
    if (method != Method::get || request.count("range") != 1) return whole;
    if (const auto condition = request.find("if-range")) {
        // A date never matches: we send no Last-Modified, so a client cannot have one from us.
        if (etag.empty() || is_weak(*condition) || trim(*condition) != etag) return whole;
    }
    const auto range = single_range(*request.find("range"));
    return range ? select_range(*range, bytes) : whole;
}

}  // namespace movio::http
