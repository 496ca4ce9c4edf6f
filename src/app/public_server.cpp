#include "app/public_server.hpp"

#include <algorithm>
#include <filesystem>

#include "access/endpoints/token_gate.hpp"
#include "app/outside_settings.hpp"
#include "app/process_limits.hpp"
#include "app/rate_table.hpp"
#include "app/setting_values.hpp"
#include "base/embedded.hpp"
#include "http/origin.hpp"
#include "http/static_files.hpp"

namespace movio::app {
namespace {

constexpr std::int64_t kDiskReserveBytes = 256LL << 20;  // left free for the databases and the films at work

std::int64_t free_bytes(const std::filesystem::path& folder) {
    std::error_code error;
    const auto space = std::filesystem::space(folder, error);
    return error ? 0 : static_cast<std::int64_t>(space.available);
}

std::string_view web_file(std::string_view path) {
    const auto files = embedded::web();
    const auto found = std::ranges::find(files, path, &embedded::File::path);
    if (found == files.end()) throw Failure("the web app in this program has no " + std::string(path));
    return found->content;
}

// A source with a path in a content security policy allows that very path alone (CSP3 §6.7.2.8).
std::string media_origin(const Settings& settings) { return http::origin_of(settings.text("cdn.url")); }

}  // namespace

std::vector<std::unique_ptr<http::Gate>> common_gates() {
    std::vector<std::unique_ptr<http::Gate>> all;
    all.push_back(http::head_limits_gate());
    all.push_back(http::content_type_gate());
    all.push_back(http::announced_length_gate());
    return all;
}

http::ServerOptions public_server_options(Platform& platform) {
    const auto& settings = platform.settings;
    const auto listen = checked(parse_listen_address(settings.text("server.listen")));
    http::ServerOptions server;
    server.host = listen.host;
    server.port = listen.port;
    server.bound_socket = platform.options.bound_socket;
    server.connections_max = connections_within(descriptor_limit());
    server.public_url = settings.text("server.public_url");
    server.trusted_proxies = checked(parse_proxies(settings.text("server.trusted_proxies")));
    server.proxy_headers = proxy_header_names(settings);
    server.api_origins = checked(parse_origins(settings.text("server.api_origins")));
    if (settings.flag("log.requests")) server.access_log = LogLevel::info;
    server.disk = &platform.disk;
    return server;
}

std::vector<std::unique_ptr<http::Gate>> public_gates(Platform& platform, access::Standings& standings,
                                                      access::Grants& grants) {
    const auto& settings = platform.settings;
    auto all = common_gates();
    access::TokenGateOptions tokens;
    tokens.require_login = settings.flag("auth.require_login");
    tokens.allowed_origins = checked(parse_origins(settings.text("server.api_origins")));
    tokens.unheard_role = access::role_from_text(settings.text("accounts.signup_role"));
    tokens.unheard_email_checked = !settings.flag("accounts.check_email");
    all.push_back(access::token_gate(platform.keys, standings, grants, std::move(tokens)));
    all.push_back(http::rate_gate(take_rate_from(platform.limiter, checked(RateTable::of(settings)))));
    const auto folder = platform.options.data_dir;
    all.push_back(http::disk_gate([folder] { return free_bytes(folder); }, kDiskReserveBytes));
    return all;
}

std::unique_ptr<http::Endpoint> page(const Settings& settings) {
    http::StaticOptions pages;
    pages.media_origin = media_origin(settings);
    return http::static_files(embedded::web(), std::move(pages));
}

embedding::PageSettings film_pages(const Settings& settings) {
    return {.app_page = web_file("index.html"),
            .embed_page = web_file("embed/index.html"),
            .media_origin = media_origin(settings),
            .login_required = settings.flag("auth.require_login")};
}

}  // namespace movio::app
