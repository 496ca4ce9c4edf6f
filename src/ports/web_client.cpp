#include "ports/web_client.hpp"

#include <algorithm>
#include <array>

#include "base/percent_encode.hpp"

namespace movio {
namespace {

constexpr std::array<std::string_view, 3> kThisMachine{"127.0.0.1", "[::1]", "localhost"};
constexpr std::string_view kSecure = "https://";
constexpr std::string_view kPlain = "http://";

bool is_plain_character(char c) { return c > ' ' && c < 0x7f && c != '\\' && c != '"' && c != '<' && c != '>'; }

std::string_view authority_of(std::string_view url, std::string_view scheme) {
    const auto rest = url.substr(scheme.size());
    return rest.substr(0, rest.find_first_of("/?#"));
}

}  // namespace

std::string encode_form(const WebForm& form) {
    std::string text;
    for (const auto& [name, value] : form) {
        if (!text.empty()) text += '&';
        text += percent_encode(name) + "=" + percent_encode(value);
    }
    return text;
}

bool may_be_asked(std::string_view url) {
    if (!std::ranges::all_of(url, is_plain_character)) return false;
    if (url.starts_with(kSecure)) {
        const auto authority = authority_of(url, kSecure);
        return !authority.empty() && !authority.starts_with(':') && !authority.contains('@');
    }
    if (!url.starts_with(kPlain)) return false;
    auto host = authority_of(url, kPlain);
    // Behind the brackets of an IPv6 address.
    const auto colon = host.find(':', host.starts_with('[') ? std::min(host.find(']'), host.size()) : 0);
    if (colon != std::string_view::npos) {
        const auto port = host.substr(colon + 1);
        if (!std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; })) return false;
        host = host.substr(0, colon);
    }
    return std::ranges::find(kThisMachine, host) != kThisMachine.end();
}

}  // namespace movio
