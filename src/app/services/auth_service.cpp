#include "app/services/auth_service.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "access/endpoints/healthcheck.hpp"
#include "accounts/endpoints/api_tokens.hpp"
#include "accounts/endpoints/app_tokens.hpp"
#include "accounts/endpoints/devices.hpp"
#include "accounts/endpoints/email_check.hpp"
#include "accounts/endpoints/groups.hpp"
#include "accounts/endpoints/invites.hpp"
#include "accounts/endpoints/me.hpp"
#include "accounts/endpoints/password_reset.hpp"
#include "accounts/endpoints/people.hpp"
#include "accounts/endpoints/proxy_log_in.hpp"
#include "accounts/endpoints/session.hpp"
#include "accounts/endpoints/v1.hpp"
#include "accounts/openid/endpoints/openid.hpp"
#include "adapters/curl/curl_web_client.hpp"
#include "app/outside_settings.hpp"
#include "app/setting_values.hpp"
#include "app/version.hpp"

namespace movio::app {
namespace {

constexpr std::size_t kCryptoQueueMax = 256;  // at some 30 a second on two processors the last one waits 8 s
constexpr std::int64_t kSecondsPerDay = 24 * 3600;
constexpr std::chrono::hours kNoticesRemembered{24};

accounts::PasswordWorkerOptions password_options(const Settings& settings) {
    accounts::PasswordWorkerOptions options;
    options.memory_bytes_max = settings.integer("auth.password_memory_mib") << 20;
    return options;
}

accounts::SignUpPolicy signup_policy(const Settings& settings) {
    accounts::SignUpPolicy policy;
    policy.rule = accounts::sign_up_for(settings.text("accounts.signup"));
    policy.domains = parse_list(settings.text("accounts.signup_domains"));
    policy.role = access::role_from_text(settings.text("accounts.signup_role"));
    return policy;
}

// Of what was sent, and of what was asked for in vain, nobody needs to know for long.
ledger::RunnerOptions auth_runner_options(const Settings& settings) {
    auto options = runner_options(settings, {{"background", 1, ledger::Priority::bulk}});
    options.keep_ended = std::min(options.keep_ended, kNoticesRemembered);
    return options;
}

accounts::OutsideLogInOptions outside_options(const Settings& settings) {
    return {.users = accounts::outside_users(settings.text("oidc.create_users")),
            .signup = signup_policy(settings),
            .emails_are_checked = settings.flag("accounts.check_email")};
}

std::unique_ptr<WebClient> web_client(const Settings& settings) {
    if (settings.text("oidc.issuer").empty()) return nullptr;
    return std::make_unique<CurlWebClient>(fmt::format("Movio/{}", kVersion));
}

std::unique_ptr<accounts::OpenIdProvider> openid_provider(const Settings& settings, WebClient* web) {
    return web == nullptr ? nullptr : std::make_unique<accounts::OpenIdProvider>(openid_options(settings), *web);
}

accounts::SessionOptions session_options(const Settings& settings) {
    accounts::SessionOptions options;
    options.access_lifetime_s = settings.integer("accounts.access_token_seconds");
    options.lifetime_s = settings.integer("accounts.session_days") * kSecondsPerDay;
    return options;
}

}  // namespace

AuthService::AuthService(Platform& the_platform)
    : platform(the_platform),
      core(platform, "accounts", "auth", auth_runner_options(platform.settings)),
      crypto("crypto", std::max(1U, std::thread::hardware_concurrency()), kCryptoQueueMax),
      passwords(crypto, password_options(platform.settings)),
      notices(platform.options.data_dir / "notices", platform.disk),
      links(core.database, core.ledger, notices, platform.keys),
      accounts(core.database, core.outbox, passwords, platform.keys,
               {.token_lifetime_s = platform.settings.integer("auth.v1_token_days") * kSecondsPerDay,
                .signup = signup_policy(platform.settings),
                .sessions = session_options(platform.settings),
                .email_checks = platform.settings.flag("accounts.check_email") ? &links : nullptr}),
      invites(core.database, signup_policy(platform.settings)),
      api_tokens(core.database, core.outbox),
      groups(core.database, core.outbox),
      people(core.database),
      password_resets(core.database, accounts, links, platform.limiter),
      email_checks(core.database, core.outbox, passwords, links, platform.limiter),
      blocks(accounts),
      trail(core.database, std::chrono::days(platform.settings.integer("audit.days"))),
      outside(core.database, core.outbox, accounts.sessions(), outside_options(platform.settings)),
      web(web_client(platform.settings)),
      provider(openid_provider(platform.settings, web.get())),
      openid(provider.get(), outside) {}

void AuthService::listens_at(std::string address) {
    links.begin_links_with(address);
    openid.comes_back_to(std::move(address));
}

void AuthService::subscribe() { blocks.subscribe(platform.bus, platform.executor); }

Awaitable<void> AuthService::start(bool work) {
    co_await core.release_leases();
    if (!work) co_return;
    // A command has no address for links to lead to; the next server goes on with what is to be sent.
    if (platform.options.listen) links.register_with(core.runner);
    core.start();
}

Awaitable<void> AuthService::clean_up() {
    co_await accounts.sessions().clean_up();
    co_await password_resets.clean_up();
    co_await notices.clean_up();
    co_await trail.clean_up();
}

Awaitable<void> AuthService::stop() { return core.stop(); }

void AuthService::add_endpoints(http::Router& router) {
    access::add_healthcheck_endpoint(router);
    accounts::add_v1_endpoints(router, accounts);
    accounts::add_session_endpoints(router, accounts, log_in_ways(platform.settings));
    accounts::add_openid_endpoints(router, openid);
    accounts::add_proxy_log_in_endpoint(router, outside, proxy_headers(platform.settings));
    accounts::add_me_endpoints(router, accounts);
    accounts::add_app_token_endpoints(router, accounts);
    accounts::add_device_endpoints(router, accounts);
    accounts::add_api_token_endpoints(router, api_tokens);
    accounts::add_invite_endpoints(router, invites);
    accounts::add_group_endpoints(router, groups);
    accounts::add_people_endpoints(router, people, accounts);
    accounts::add_password_reset_endpoints(router, password_resets);
    accounts::add_email_check_endpoints(router, email_checks);
}

Awaitable<Result<UserId>> AuthService::owner_named(std::string name) {
    if (!name.empty()) {
        auto user = co_await accounts.find_named(std::move(name));
        if (!user) co_return std::unexpected(user.error());
        co_return user->id;
    }
    if (const auto admin = co_await accounts.ensure_admin()) co_return admin->id;
    co_return fail(ErrorCode::conflict,
                   fmt::format("there is no admin to own the film, and {} is a user who is none: name an owner by --as",
                               accounts::kFirstAdminEmail));
}

}  // namespace movio::app
