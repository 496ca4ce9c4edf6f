#include <algorithm>
#include <array>
#include <iostream>
#include <iterator>

#include <fmt/format.h>
#include <unistd.h>

#include "accounts/sign_up_policy.hpp"
#include "app/command_line.hpp"
#include "app/commands/commands.hpp"
#include "app/outside_settings.hpp"
#include "app/quota_settings.hpp"
#include "app/rate_table.hpp"
#include "app/setting_values.hpp"
#include "app/site_pages.hpp"
#include "base/limits.hpp"
#include "processing/retention.hpp"

namespace movio::app {

namespace {

bool is_base_url(std::string_view url) {
    const bool has_scheme = url.starts_with("http://") || url.starts_with("https://");
    // Some of these would end a directive of the page's content security policy.
    return has_scheme && !url.ends_with('/') && url.find_first_of(" ;,'\"<>?#") == std::string_view::npos;
}

// The settings of one key ring.
struct KeySettings {
    const char* active;
    const char* older;
    std::size_t bytes_min;
    const char* danger;   // what whoever guesses the key can do
    const char* removed;  // what follows where an older key is removed
};

constexpr std::array kKeySettings{
    KeySettings{"auth.signing_key", "auth.old_signing_keys", limits::kSecretBytesMin, "be anybody here",
                "whoever logged in by it must log in again"},
    KeySettings{"playback.address_key", "playback.old_address_keys", limits::kAddressKeyBytesMin, "see every film",
                "whoever plays by it must load the page again"},
};

// Of keys that the key ring would refuse; never says the key itself.
std::vector<std::string> key_problems(const Settings& settings, const KeySettings& names) {
    std::vector<std::string> problems;
    const auto& active = settings.text(names.active);
    if (!active.empty() && active.size() < names.bytes_min)
        problems.push_back(
            fmt::format("{} has {} bytes, and whoever guesses it can {}; use at least {}, best 32 random ones (openssl "
                        "rand -base64 32), or leave it empty to have a key made",
                        names.active, active.size(), names.danger, names.bytes_min));
    const auto older = parse_list(settings.text(names.older));
    if (active.empty() && !older.empty())
        problems.push_back(
            fmt::format("{} is set without {}, so it would count for nothing; set the key that signs now, too",
                        names.older, names.active));
    for (std::size_t i = 0; i < older.size(); ++i) {
        if (older[i].size() < names.bytes_min)
            problems.push_back(
                fmt::format("{}: key {} of {} has {} bytes, fewer than the {} that a key must have; remove it ({})",
                            names.older, i + 1, older.size(), older[i].size(), names.bytes_min, names.removed));
    }
    if (older.size() >= limits::kSigningKeysMax)
        problems.push_back(fmt::format("{} names {} keys, and at most {} are taken; remove the oldest", names.older,
                                       older.size(), limits::kSigningKeysMax - 1));
    return problems;
}

std::vector<std::string> signup_problems(const Settings& settings) {
    std::vector<std::string> problems;
    const auto domains = parse_list(settings.text("accounts.signup_domains"));
    if (settings.text("accounts.signup") == "domains" && domains.empty())
        problems.emplace_back(
            "accounts.signup is domains, but accounts.signup_domains names none, so nobody could sign "
            "up; name one, such as example.org");
    for (const auto& domain : domains) {
        if (!accounts::is_domain_name(domain))
            problems.push_back(fmt::format(
                "accounts.signup_domains: '{}' is no domain; write it as it stands behind the @, such as example.org",
                domain));
    }
    return problems;
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
    if (const auto rates = RateTable::of(settings); !rates) problems.push_back(rates.error().message);
    if (const auto quotas = role_quotas(settings); !quotas) problems.push_back(quotas.error().message);
    for (const auto& names : kKeySettings)
        std::ranges::move(key_problems(settings, names), std::back_inserter(problems));
    std::ranges::move(signup_problems(settings), std::back_inserter(problems));
    std::ranges::move(outside_problems(settings), std::back_inserter(problems));
    std::ranges::move(site_page_problems(settings), std::back_inserter(problems));
    return problems;
}

int run_config_show(const CommandContext& context) {
    std::cout << "data folder = " << context.data_dir.string() << "\n    flag --data-dir, environment MOVIO_DATA_DIR\n"
              << context.settings.describe();
    return kExitDone;
}

int run_config_check(const CommandContext& context) {
    auto problems = setting_problems(context.settings);
    if (::access(context.media_executable.c_str(), X_OK) != 0)
        problems.push_back(fmt::format("'{}' is missing or not executable; it belongs beside movio",
                                       context.media_executable.string()));
    for (const auto& problem : problems) std::cerr << "movio: " << problem << '\n';
    if (!problems.empty()) return kExitFailure;
    std::cout << "The settings are valid.\n";
    return kExitDone;
}

}  // namespace movio::app
