#include "access/endpoints/session_cookie.hpp"

#include <fmt/format.h>

namespace movio::access {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

// Lax: a link from elsewhere finds the user logged in, a form or script from elsewhere does not.
std::string cookie(std::string_view name, std::string_view scheme, std::string_view value, std::int64_t seconds) {
    return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", name, value, seconds,
                       scheme == "https" ? "; Secure" : "");
}

}  // namespace

std::string_view session_cookie_name(std::string_view scheme) { return scheme == "https" ? "__Host-movio" : "movio"; }

std::optional<std::string_view> find_cookie(const http::Headers& headers, std::string_view name) {
    for (const auto& field : headers) {
        if (!http::equals_ignoring_case(field.name, "cookie")) continue;
        std::string_view rest = field.value;
        while (!rest.empty()) {
            const auto end = rest.find(';');
            const auto pair = rest.substr(0, end);
            rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
            const auto equals = pair.find('=');
            if (equals == std::string_view::npos || trimmed(pair.substr(0, equals)) != name) continue;
            auto value = trimmed(pair.substr(equals + 1));
            if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
                value = value.substr(1, value.size() - 2);
            return value;
        }
    }
    return std::nullopt;
}

std::string session_cookie(std::string_view scheme, std::string_view token, std::int64_t seconds) {
    return cookie(session_cookie_name(scheme), scheme, token, seconds);
}

std::string ended_session_cookie(std::string_view scheme) { return cookie(session_cookie_name(scheme), scheme, "", 0); }

std::string_view flow_cookie_name(std::string_view scheme) {
    return scheme == "https" ? "__Host-movio-openid" : "movio-openid";
}

std::string flow_cookie(std::string_view scheme, std::string_view value, std::int64_t seconds) {
    return cookie(flow_cookie_name(scheme), scheme, value, seconds);
}

std::string ended_flow_cookie(std::string_view scheme) { return cookie(flow_cookie_name(scheme), scheme, "", 0); }

}  // namespace movio::access
