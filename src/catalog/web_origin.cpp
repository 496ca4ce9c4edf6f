#include "catalog/web_origin.hpp"

#include <algorithm>
#include <array>

#include "base/limits.hpp"

namespace movio::catalog {
namespace {

constexpr std::size_t kPortDigitsMax = 5;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

bool is_name(std::string_view host) {
    return !host.empty() && host.front() != '.' && !host.contains("..") &&
           std::ranges::all_of(host, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.'; });
}

bool is_ipv6(std::string_view host) {
    return host.size() > 2 && host.starts_with('[') && host.ends_with(']') &&
           std::ranges::all_of(host.substr(1, host.size() - 2),
                               [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || c == ':' || c == '.'; });
}

struct Scheme {
    std::string_view begin;
    std::string_view port;
};
constexpr std::array kSchemes{Scheme{"https://", "443"}, Scheme{"http://", "80"}};

// "host" or "host:port", as it stands in the origin.
std::optional<std::string> authority_of(std::string_view text, std::string_view own_port) {
    const auto bracket = text.rfind(']');
    const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const auto host = text.substr(0, colon);
    if (!is_name(host) && !is_ipv6(host)) return std::nullopt;
    if (colon == std::string_view::npos) return std::string(host);
    const auto port = text.substr(colon + 1);
    const bool sound = !port.empty() && port.size() <= kPortDigitsMax && port.front() != '0';
    if (!sound || !std::ranges::all_of(port, is_digit)) return std::nullopt;
    return std::string(port == own_port ? host : text);
}

}  // namespace

std::optional<std::string> web_origin(std::string_view text) {
    if (text.size() > limits::kOriginBytesMax) return std::nullopt;
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (lower.ends_with('/')) lower.pop_back();
    for (const auto& scheme : kSchemes) {
        if (!lower.starts_with(scheme.begin)) continue;
        const auto authority = authority_of(std::string_view(lower).substr(scheme.begin.size()), scheme.port);
        if (authority) return std::string(scheme.begin) + *authority;
    }
    return std::nullopt;
}

}  // namespace movio::catalog
