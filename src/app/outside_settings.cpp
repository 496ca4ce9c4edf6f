#include "app/outside_settings.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "accounts/openid/endpoints/openid.hpp"
#include "app/setting_values.hpp"
#include "http/headers.hpp"
#include "ports/web_client.hpp"

namespace movio::app {
namespace {

constexpr std::array<std::string_view, 3> kHeaderSettings{"trusted_header.user", "trusted_header.name",
                                                          "trusted_header.groups"};
// Fields that browsers and proxies fill with something else.
constexpr std::array<std::string_view, 5> kTakenHeaders{"host", "cookie", "authorization", "content-type",
                                                        "content-length"};

struct RoleOfValue {
    std::string value;
    std::optional<access::Role> role;
};

// The role stands behind the last sign: values of claims may have some, too.
RoleOfValue role_of_value(std::string_view part) {
    const auto equals = part.rfind('=');
    if (equals == std::string_view::npos || equals == 0) return {};
    return {std::string(part.substr(0, equals)), access::known_role(part.substr(equals + 1))};
}

// A token of RFC 9110 §5.6.2.
bool is_header_name(std::string_view name) {
    static constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
    const auto fits = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kOthers.contains(c);
    };
    const bool taken =
        std::ranges::any_of(kTakenHeaders, [&](auto other) { return http::equals_ignoring_case(other, name); });
    return !name.empty() && std::ranges::all_of(name, fits) && !taken;
}

bool has_word(std::string_view text, std::string_view word) {
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find(' ', begin), text.size());
        if (text.substr(begin, end - begin) == word) return true;
        begin = end + 1;
    }
    return false;
}

std::vector<std::string> openid_problems(const Settings& settings) {
    std::vector<std::string> problems;
    const auto& issuer = settings.text("oidc.issuer");
    if (!may_be_asked(issuer) || issuer.find_first_of("?#") != std::string::npos)
        problems.push_back(
            fmt::format("oidc.issuer: '{}' is no issuer; it begins with https:// (on this machine alone "
                        "http:// will do) and has neither ? nor #",
                        issuer));
    if (settings.text("oidc.client_id").empty())
        problems.emplace_back("oidc.issuer is set, but not oidc.client_id, by which the provider knows this server");
    if (!has_word(settings.text("oidc.scopes"), "openid"))
        problems.emplace_back("oidc.scopes must have openid among its words");
    return problems;
}

std::vector<std::string> role_problems(const Settings& settings) {
    std::vector<std::string> problems;
    for (const auto& part : parse_list(settings.text("oidc.roles")))
        if (!role_of_value(part).role)
            problems.push_back(
                fmt::format("oidc.roles: '{}' grants no role; write VALUE=ROLE, such as staff=uploader. "
                            "Roles: viewer, uploader, moderator, admin",
                            part));
    if (!settings.text("oidc.roles").empty() && settings.text("oidc.roles_claim").empty())
        problems.emplace_back("oidc.roles is set, but oidc.roles_claim names no claim");
    return problems;
}

std::vector<std::string> header_problems(const Settings& settings) {
    std::vector<std::string> problems;
    for (const auto path : kHeaderSettings) {
        const auto& name = settings.text(path);
        if (!name.empty() && !is_header_name(name))
            problems.push_back(fmt::format("{}: '{}' is no header field that a proxy could use", path, name));
    }
    if (settings.text("server.trusted_proxies").empty())
        problems.emplace_back(
            "trusted_header.user is set, but server.trusted_proxies names no proxy to be believed, so it would count for "
            "nothing");
    const auto& log_out = settings.text("trusted_header.log_out");
    const bool is_path = log_out.starts_with('/') && !log_out.starts_with("//");
    if (!log_out.empty() && !is_path && !may_be_asked(log_out))
        problems.push_back(fmt::format(
            "trusted_header.log_out: '{}' is neither a path, such as /oauth2/sign_out, nor an https address", log_out));
    return problems;
}

}  // namespace

accounts::OpenIdOptions openid_options(const Settings& settings) {
    accounts::OpenIdOptions options;
    options.issuer = settings.text("oidc.issuer");
    options.client_id = settings.text("oidc.client_id");
    options.client_secret = settings.text("oidc.client_secret");
    options.scopes = settings.text("oidc.scopes");
    options.groups_claim = settings.text("oidc.groups_claim");
    options.roles_claim = settings.text("oidc.roles_claim");
    for (const auto& part : parse_list(settings.text("oidc.roles")))
        if (const auto granted = role_of_value(part); granted.role) options.roles[granted.value] = *granted.role;
    return options;
}

accounts::ProxyHeaders proxy_headers(const Settings& settings) {
    return {settings.text("trusted_header.user"), settings.text("trusted_header.name"),
            settings.text("trusted_header.groups")};
}

std::vector<std::string> proxy_header_names(const Settings& settings) {
    std::vector<std::string> names;
    for (const auto path : kHeaderSettings)
        if (const auto& name = settings.text(path); !name.empty()) names.push_back(name);
    return names;
}

accounts::LogInWays log_in_ways(const Settings& settings) {
    using accounts::BegunBy;
    accounts::LogInWays ways;
    if (!settings.text("oidc.issuer").empty())
        ways.push_back({BegunBy::openid, settings.text("oidc.button"), std::string(accounts::kOpenIdBeginPath),
                        std::string(accounts::kOpenIdLogOutPath)});
    if (!settings.text("trusted_header.user").empty())
        ways.push_back({BegunBy::proxy, settings.text("trusted_header.button"), std::string(accounts::kProxyLogInPath),
                        settings.text("trusted_header.log_out")});
    return ways;
}

std::vector<std::string> outside_problems(const Settings& settings) {
    std::vector<std::string> problems;
    if (!settings.text("oidc.issuer").empty()) problems = openid_problems(settings);
    std::ranges::move(role_problems(settings), std::back_inserter(problems));
    if (!settings.text("trusted_header.user").empty())
        std::ranges::move(header_problems(settings), std::back_inserter(problems));
    return problems;
}

}  // namespace movio::app
