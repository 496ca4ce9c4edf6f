#include "app/app.hpp"

#include <thread>

#include <fmt/format.h>

#include "accounts/endpoints/invites.hpp"
#include "accounts/personal_data.hpp"
#include "app/admin_endpoints.hpp"
#include "app/admin_groups.hpp"
#include "app/admin_invites.hpp"
#include "app/admin_media_keys.hpp"
#include "app/admin_notices.hpp"
#include "app/admin_quotas.hpp"
#include "app/admin_users.hpp"
#include "app/api_document.hpp"
#include "app/audit_endpoint.hpp"
#include "app/disk_endpoint.hpp"
#include "app/export_endpoint.hpp"
#include "app/public_server.hpp"
#include "app/quota_endpoints.hpp"
#include "app/services/api_service.hpp"
#include "app/services/auth_service.hpp"
#include "app/services/worker_service.hpp"
#include "app/setting_values.hpp"
#include "app/settings_endpoint.hpp"
#include "app/site_pages.hpp"
#include "app/system_endpoints.hpp"
#include "async/repeat.hpp"
#include "async/task_group.hpp"
#include "audit/endpoints/actor_of.hpp"
#include "base/log.hpp"
#include "catalog/personal_data.hpp"
#include "ledger/endpoints/admin_jobs.hpp"
#include "processing/film_desk.hpp"

namespace movio::app {
namespace {

constexpr std::chrono::minutes kCleanUpEvery{1};
constexpr std::chrono::hours kStagingKept{24};  // nothing that is being written rests that long

}  // namespace

std::filesystem::path admin_socket(const std::filesystem::path& data_dir) { return data_dir / "admin.sock"; }

struct App::State {
    State(const Settings& settings, AppOptions options, DataDirLock lock)
        : platform(settings, std::move(options), std::move(lock)) {}

    Platform platform;
    AuthService auth{platform};
    ApiService api{platform};
    WorkerService worker{platform};
    TaskGroup background{platform.executor};

    std::unique_ptr<http::Server> admin_server;
    std::unique_ptr<http::Server> public_server;

    Awaitable<void> migrate_databases();
    Awaitable<void> start_services();
    Awaitable<void> stop_services();
    Awaitable<void> clean_up();
    Awaitable<std::string> why_not_ready();
    std::string address() const;
    // Of all services that keep anything of people.
    std::vector<PersonalPart> personal_parts();
    std::vector<ledger::JobDesk> job_desks();
    void start_admin_server();
    void start_public_server();
};

Awaitable<void> App::State::migrate_databases() {
    co_await auth.core.migrate_database();
    co_await api.migrate_databases();
    co_await worker.core.migrate_database();
}

Awaitable<void> App::State::start_services() {
    const bool work = platform.options.work;
    // What the last run has not sent goes out at once: all must listen by then.
    auth.subscribe();
    api.subscribe();
    worker.subscribe(work);
    co_await api.start(work);
    co_await auth.start(work);
    co_await worker.start(work);
    if (work) background.spawn("clean-up", repeat_every(kCleanUpEvery, "cleaning up", [this] { return clean_up(); }));
}

Awaitable<void> App::State::stop_services() {
    background.cancel_all();
    co_await background.wait();
    co_await auth.stop();
    co_await worker.stop();
    co_await api.stop();
    co_await platform.bus.stop();
}

Awaitable<void> App::State::clean_up() {
    co_await worker.clean_up();
    co_await api.clean_up();
    co_await auth.clean_up();
    co_await platform.blobs.sweep_staging(kStagingKept);
}

Awaitable<std::string> App::State::why_not_ready() {
    for (auto* core : {&auth.core, &api.core, &worker.core})
        co_await core->database.read([](SqlSession& session) { session.run("SELECT 1"); });
    co_return std::string();
}

std::string App::State::address() const {
    const auto& settings = platform.settings;
    if (!settings.text("server.public_url").empty()) return settings.text("server.public_url");
    if (!public_server) return "";
    const auto listen = parse_listen_address(settings.text("server.listen"));
    const std::string host = listen->host == "0.0.0.0" ? "127.0.0.1" : listen->host;
    return fmt::format("http://{}:{}", host.find(':') == std::string::npos ? host : "[" + host + "]",
                       public_server->port());
}

std::vector<PersonalPart> App::State::personal_parts() {
    auto parts = accounts::personal_parts(auth.core.database);
    for (auto& part : catalog::personal_parts(api.core.database, api.quotas)) parts.push_back(std::move(part));
    return parts;
}

std::vector<ledger::JobDesk> App::State::job_desks() {
    return {
        processing::film_desk(worker.core.database, worker.core.ledger, worker.core.runner, worker.films, worker.media),
        ledger::plain_desk("api", api.core.ledger, api.core.runner, true),
        ledger::plain_desk("auth", auth.core.ledger, auth.core.runner, false)};
}

void App::State::start_admin_server() {
    http::Router router;
    AdminParts parts;
    parts.catalog = &api.catalog;
    parts.uploads = &api.uploads;
    parts.films = &worker.films;
    parts.worker_jobs = &worker.core.ledger;
    parts.api_jobs = &api.core.ledger;
    parts.owner = [this](std::string as) { return auth.owner_named(std::move(as)); };
    parts.rebuild_search = [this] { return api.rebuild_search(); };
    parts.address = [this] { return address(); };
    parts.works = platform.options.work;
    parts.trail = &auth.trail;
    add_admin_endpoints(router, std::move(parts));
    add_admin_user_endpoints(
        router, {&auth.accounts, [this] { return on_pool(platform.disk, [this] { return rotate_keys(platform); }); },
                 &platform.keys, &auth.api_tokens, &auth.groups, &auth.trail});
    add_admin_media_key_endpoints(
        router, {.rotate = [this] { return on_pool(platform.disk, [this] { return rotate_media_keys(platform); }); },
                 .keys = &platform.media_keys,
                 .trail = &auth.trail,
                 .blobs = platform.blob_folder(),
                 .address = [this] { return address(); },
                 .nginx_can_check = platform.settings.text("playback.address_mac") == "secure-link-md5"});
    add_admin_quota_endpoints(router, auth.accounts, api.quotas);
    add_admin_invite_endpoints(router, auth.invites, [this] { return address(); });
    add_admin_notice_endpoints(
        router, {&auth.accounts, &auth.password_resets, &auth.notices, &auth.trail, [this] { return address(); }});
    add_admin_group_endpoints(router, auth.groups);
    add_admin_audit_endpoint(router, {&auth.accounts, {&auth.trail, &api.trail}});
    http::ServerOptions server;
    server.host.clear();
    server.unix_path = admin_socket(platform.options.data_dir);
    server.disk = &platform.disk;
    admin_server = std::make_unique<http::Server>(platform.http_threads, std::move(server), std::move(router),
                                                  http::Gates(common_gates()));
    admin_server->start();
}

void App::State::start_public_server() {
    http::Router router;
    auth.add_endpoints(router);
    api.add_endpoints(router);
    add_export_endpoint(router, personal_parts(), platform.limiter, auth.trail);
    add_audit_endpoint(router, {&auth.accounts, {&auth.trail, &api.trail}});
    const auto jobs_changed = [this](const http::RequestContext& context, std::string action, std::string detail) {
        return api.trail.record(
            {.by = audit::actor_of(context), .action = std::move(action), .detail = std::move(detail)});
    };
    ledger::add_admin_job_endpoints(router, job_desks(), jobs_changed);
    add_quota_endpoints(router, api.quotas, api.users);
    add_disk_endpoint(router, {.data_dir = platform.options.data_dir,
                               .blobs = platform.blob_folder(),
                               .disk = &platform.disk,
                               .catalog = &api.core.database});
    add_settings_endpoint(router, platform.settings);
    add_system_endpoints(router, [this] { return why_not_ready(); });
    add_site_page_endpoints(router, platform.settings, platform.disk);
    add_api_documents(router);
    router.add(page(platform.settings));
    auto server = public_server_options(platform);
    server.kept_answers = &api.kept_answers;
    public_server = std::make_unique<http::Server>(platform.http_threads, std::move(server), std::move(router),
                                                   http::Gates(public_gates(platform, api.users, api.grants)));
    public_server->start();
}

App::App(const Settings& settings, AppOptions options, DataDirLock lock)
    : state_(std::make_unique<State>(settings, std::move(options), std::move(lock))) {}

App::~App() = default;

void App::start() {
    auto& state = *state_;
    auto& platform = state.platform;
    try {
        block_on(platform.executor, state.migrate_databases());
        if (platform.options.work) block_on(platform.executor, state.worker.check_sandbox());
        block_on(platform.executor, state.start_services());
        // The address is known before commands can ask for it.
        if (platform.options.listen) {
            state.start_public_server();
            state.auth.listens_at(state.address());
        }
        state.start_admin_server();
    } catch (...) {
        stop();
        throw;
    }
    log_info("started", {{"data_dir", platform.options.data_dir.string()}, {"address", state.address()}});
}

void App::stop() {
    auto& state = *state_;
    if (state.public_server) state.public_server->stop();
    if (state.admin_server) state.admin_server->stop();
    block_on(state.platform.executor, state.stop_services());
    state.public_server.reset();
    state.admin_server.reset();
    state.platform.http_threads.stop();
    log_info("stopped");
}

void App::finish_commands() {
    while (state_->admin_server && state_->admin_server->connections() > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

std::optional<std::string> App::make_first_admin_link() {
    const auto token = block_on(state_->platform.executor, state_->auth.invites.make_first_admin_link());
    if (!token) return std::nullopt;
    return accounts::invite_page(address(), *token);
}

std::uint16_t App::port() const { return state_->public_server ? state_->public_server->port() : 0; }
std::string App::address() const { return state_->address(); }

}  // namespace movio::app
