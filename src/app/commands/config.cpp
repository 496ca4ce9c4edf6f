#include <iostream>

#include <fmt/format.h>
#include <unistd.h>

#include "app/command_line.hpp"
#include "app/commands/commands.hpp"
#include "app/setting_values.hpp"
#include "processing/retention.hpp"

namespace movio::app {

namespace {

bool is_base_url(std::string_view url) {
    const bool has_scheme = url.starts_with("http://") || url.starts_with("https://");
    // Some of these would end a directive of the page's content security policy.
    return has_scheme && !url.ends_with('/') && url.find_first_of(" ;,'\"<>?#") == std::string_view::npos;
}

}  // namespace

std::vector<std::string> setting_problems(const Settings& settings) {
    std::vector<std::string> problems;
    if (const auto address = parse_listen_address(settings.text("server.listen")); !address)
        problems.push_back(address.error().message);
    if (const auto proxies = parse_proxies(settings.text("server.trusted_proxies")); !proxies)
        problems.push_back(proxies.error().message);
    if (const auto origins = parse_origins(settings.text("server.api_origins")); !origins)
        problems.push_back(origins.error().message);
    if (const auto rungs = parse_rungs(settings.text("media.rungs")); !rungs) problems.push_back(rungs.error().message);
    const auto& retention = settings.text("media.source_retention");
    if (!processing::is_retention(retention))
        problems.push_back(fmt::format("media.source_retention must be keep, delete or days:N, not '{}'", retention));
    for (const auto* path : {"server.public_url", "cdn.url"}) {
        const auto& url = settings.text(path);
        if (!url.empty() && !is_base_url(url))
            problems.push_back(fmt::format(
                "{} must begin with http:// or https://, have no blank or ;,'\"<>?# and end without a slash, not '{}'",
                path, url));
    }
    return problems;
}

int run_config_show(const CommandContext& context) {
    std::cout << "data folder = " << context.data_dir.string() << "\n    flag --data-dir, environment MOVIO_DATA_DIR\n"
              << context.settings.describe();
    return kExitDone;
}

int run_config_check(const CommandContext& context) {
    auto problems = setting_problems(context.settings);
    if (access(context.media_executable.c_str(), X_OK) != 0)
        problems.push_back(fmt::format("'{}' is missing or not executable; it belongs beside movio",
                                       context.media_executable.string()));
    for (const auto& problem : problems) std::cerr << "movio: " << problem << '\n';
    if (!problems.empty()) return kExitFailure;
    std::cout << "The settings are valid.\n";
    return kExitDone;
}

}  // namespace movio::app
