#include "app/app.hpp"

#include <thread>

#include <fmt/format.h>

#include "adapters/disk/blob_store.hpp"
#include "adapters/memory/event_bus.hpp"
#include "adapters/memory/task_queue.hpp"
#include "adapters/sql/migrate.hpp"
#include "adapters/sql/sqlite/database.hpp"
#include "app/admin_endpoints.hpp"
#include "app/process_limits.hpp"
#include "app/setting_values.hpp"
#include "app/system_endpoints.hpp"
#include "async/io_threads.hpp"
#include "async/task_group.hpp"
#include "async/timing.hpp"
#include "base/log.hpp"
#include "captions/caption_import.hpp"
#include "catalog/endpoints/videos.hpp"
#include "catalog/film_events.hpp"
#include "http/server.hpp"
#include "http/static_files.hpp"
#include "playback/endpoints/media.hpp"
#include "processing/film_service.hpp"
#include "processing/film_tasks.hpp"
#include "processing/retention.hpp"

namespace movio::app {
namespace {

constexpr std::size_t kDiskThreads = 4;
constexpr std::size_t kDiskQueueMax = 4096;
constexpr std::int64_t kDiskReserveBytes = 256LL << 20;  // left free for the databases and the films at work
constexpr std::chrono::minutes kRetireEvery{1};
constexpr std::chrono::hours kStagingKept{24};  // nothing that is being written rests that long
// One process works on a data folder at a time, so whoever held leases before is dead.
constexpr std::string_view kOwner = "local";

std::size_t http_thread_count(const Settings& settings) {
    const auto configured = static_cast<std::size_t>(settings.integer("server.threads"));
    return configured > 0 ? configured : std::max(1U, std::thread::hardware_concurrency() / 2);
}

template <class T>
T checked(Result<T> result) {
    if (!result) throw Failure(result.error().message);
    return std::move(*result);
}

processing::FilmTaskOptions film_task_options(const Settings& settings) {
    processing::FilmTaskOptions options;
    options.plan.rungs.clear();
    for (const auto& rung : checked(parse_rungs(settings.text("media.rungs"))))
        options.plan.rungs.push_back({rung.height, rung.cap_kbps});
    options.plan.height_max = static_cast<int>(settings.integer("media.height_max"));
    options.plan.crf = static_cast<int>(settings.integer("media.crf"));
    options.plan.preset = settings.text("media.preset");
    options.wall_limit = std::chrono::seconds(settings.integer("media.wall_limit"));
    return options;
}

sandbox::MediaProcessOptions media_options(const Settings& settings, int executable) {
    sandbox::MediaProcessOptions options;
    options.executable = "movio-media";
    options.executable_descriptor = executable;
    options.processes_max =
        static_cast<std::size_t>(settings.integer("media.batch_slots") + settings.integer("media.on_demand_slots"));
    return options;
}

ledger::RunnerOptions api_runner_options(const Settings& settings) {
    ledger::RunnerOptions options;
    options.owner = kOwner;
    options.classes = {{"background", 2, ledger::Priority::bulk}};
    options.keep_ended = std::chrono::hours(24 * settings.integer("jobs.keep_days"));
    return options;
}

ledger::RunnerOptions worker_runner_options(const Settings& settings) {
    ledger::RunnerOptions options;
    options.owner = kOwner;
    options.classes = {
        {"on demand", static_cast<int>(settings.integer("media.on_demand_slots")), ledger::Priority::on_demand},
        {"batch", static_cast<int>(settings.integer("media.batch_slots")), ledger::Priority::bulk}};
    options.keep_ended = std::chrono::hours(24 * settings.integer("jobs.keep_days"));
    return options;
}

std::int64_t free_bytes(const std::filesystem::path& folder) {
    std::error_code error;
    const auto space = std::filesystem::space(folder, error);
    return error ? 0 : static_cast<std::int64_t>(space.available);
}

std::vector<std::unique_ptr<http::Gate>> gates() {
    std::vector<std::unique_ptr<http::Gate>> all;
    all.push_back(http::head_limits_gate());
    all.push_back(http::content_type_gate());
    all.push_back(http::announced_length_gate());
    return all;
}

// "https://cdn.example/films" -> "https://cdn.example": a source with a path in a content security policy allows that
// very path alone (CSP3 §6.7.2.8).
std::string origin_of(const std::string& url) {
    const auto host = url.find("://");
    return host == std::string::npos ? std::string() : url.substr(0, url.find('/', host + 3));
}

}  // namespace

std::filesystem::path admin_socket(const std::filesystem::path& data_dir) { return data_dir / "admin.sock"; }

struct App::State {
    State(const Settings& given, AppOptions given_options, DataDirLock given_lock)
        : settings(given), options(std::move(given_options)), lock(std::move(given_lock)) {}

    Settings settings;
    AppOptions options;
    DataDirLock lock;

    IoThreads http_threads{http_thread_count(settings)};
    IoThreads service_threads{1};
    asio::any_io_executor executor = service_threads.executor(0);
    Pool disk{"disk", kDiskThreads, kDiskQueueMax};

    SqliteDatabase catalog_database{SqliteOptions{.file = options.data_dir / "catalog.db"}};
    SqliteDatabase processing_database{SqliteOptions{.file = options.data_dir / "processing.db"}};
    DiskBlobStore blobs{DiskBlobStoreOptions{.root = options.data_dir / "blobs"}, disk};
    MemoryTaskQueue bell;
    InProcessEventBus bus;

    // api
    ledger::Outbox api_outbox;
    ledger::Ledger api_ledger{catalog_database, bell, "api"};
    catalog::FilmWatch watch;
    playback::MediaAddresses addresses{settings.text("cdn.url")};
    catalog::Catalog catalog{catalog_database, watch, addresses};
    catalog::FilmEvents film_events{catalog_database, blobs, api_ledger, watch};
    captions::CaptionImport caption_import{catalog_database, blobs, api_outbox, watch};
    uploads::UploadService uploads{catalog_database, blobs, api_outbox, watch, settings.integer("uploads.bytes_max")};
    playback::FilmCache film_cache{catalog_database, blobs};
    playback::SegmentWaits segment_waits;
    playback::MediaService media_service{film_cache, blobs, bus, segment_waits};
    catalog::FilmWatch::Subscription cache_updates = watch.subscribe({}, [this](VideoId id) { film_cache.forget(id); });

    // worker
    ledger::Outbox worker_outbox;
    ledger::Ledger worker_ledger{processing_database, bell, "worker"};
    sandbox::MediaProcesses media{media_options(settings, options.media_executable)};
    processing::FilmTasks film_tasks{processing_database,        blobs, bus, worker_ledger, worker_outbox, media,
                                     film_task_options(settings)};
    processing::FilmService films{processing_database, worker_ledger, worker_outbox, film_tasks.plans(),
                                  settings.text("media.source_retention")};

    ledger::OutboxPump api_pump{catalog_database, api_outbox, bus, executor};
    ledger::OutboxPump worker_pump{processing_database, worker_outbox, bus, executor};
    ledger::TaskRunner api_runner{api_ledger, executor, api_runner_options(settings)};
    ledger::TaskRunner worker_runner{worker_ledger, executor, worker_runner_options(settings)};
    TaskGroup background{executor};

    std::unique_ptr<http::Server> admin_server;
    std::unique_ptr<http::Server> public_server;

    Awaitable<void> migrate_databases();
    Awaitable<void> check_sandbox();
    Awaitable<void> start_services();
    Awaitable<void> stop_services();
    Awaitable<void> retire_sources_forever();
    Awaitable<std::string> why_not_ready();
    Awaitable<void> on_segment_stored(Event event);
    std::string address() const;
    void start_admin_server();
    void start_public_server();
};

Awaitable<void> App::State::migrate_databases() {
    for (auto* database : {&catalog_database, &processing_database}) {
        const std::string service = database == &catalog_database ? "catalog" : "processing";
        const auto report = co_await migrate(*database, service);
        for (const auto& name : report.applied) log_info("migration applied", {{"service", service}, {"name", name}});
    }
}

Awaitable<void> App::State::check_sandbox() {
    const auto level = co_await media.selftest();
    if (level) {
        log_info("the media process is confined", {{"level", level->text()}});
        co_return;
    }
    if (settings.text("media.sandbox") == "required")
        throw Failure(
            "the media process could do what it must not; see the log, or set media.sandbox = \"best-effort\"");
    log_warn("the media process is not fully confined: hostile files may do harm");
}

Awaitable<void> App::State::on_segment_stored(Event event) {
    const auto data = JsonView::parse(event.data);
    if (data) segment_waits.stored(data->text_or("key", ""));
    co_return;
}

Awaitable<void> App::State::start_services() {
    film_events.subscribe(bus, executor);
    bus.subscribe("playback", {"segment.stored"}, executor,
                  [this](Event event) { return on_segment_stored(std::move(event)); });
    films.subscribe(bus, executor);
    co_await api_ledger.release_owner(std::string(kOwner));
    co_await worker_ledger.release_owner(std::string(kOwner));
    co_await uploads.recover();
    if (!options.work) co_return;
    caption_import.register_with(api_runner);
    film_tasks.register_with(worker_runner);
    api_pump.start();
    worker_pump.start();
    api_runner.start();
    worker_runner.start();
    background.spawn("retention", retire_sources_forever());
}

Awaitable<void> App::State::stop_services() {
    background.cancel_all();
    co_await background.wait();
    if (options.work) {
        co_await worker_runner.stop();
        co_await api_runner.stop();
        co_await worker_pump.stop();
        co_await api_pump.stop();
    }
    co_await bus.stop();
}

Awaitable<void> App::State::retire_sources_forever() {
    for (;;) {
        try {
            co_await processing::retire_sources(processing_database, blobs);
            co_await blobs.sweep_staging(kStagingKept);
        } catch (const boost::system::system_error& failure) {
            if (failure.code() == asio::error::operation_aborted) throw;
            log_warn("cannot clean up", {{"reason", std::string(failure.what())}});
        } catch (const std::exception& failure) {
            log_warn("cannot clean up", {{"reason", std::string(failure.what())}});
        }
        co_await sleep_for(kRetireEvery);
    }
}

Awaitable<std::string> App::State::why_not_ready() {
    for (auto* database : {&catalog_database, &processing_database})
        co_await database->read([](SqlSession& session) { session.run("SELECT 1"); });
    co_return std::string();
}

std::string App::State::address() const {
    if (!settings.text("server.public_url").empty()) return settings.text("server.public_url");
    if (!public_server) return "";
    const auto listen = parse_listen_address(settings.text("server.listen"));
    const std::string host = listen->host == "0.0.0.0" ? "127.0.0.1" : listen->host;
    return fmt::format("http://{}:{}", host.find(':') == std::string::npos ? host : "[" + host + "]",
                       public_server->port());
}

void App::State::start_admin_server() {
    http::Router router;
    AdminParts parts;
    parts.catalog = &catalog;
    parts.uploads = &uploads;
    parts.films = &films;
    parts.worker_jobs = &worker_ledger;
    parts.api_jobs = &api_ledger;
    parts.address = [this] { return address(); };
    parts.works = options.work;
    add_admin_endpoints(router, std::move(parts));
    http::ServerOptions server;
    server.host.clear();
    server.unix_path = admin_socket(options.data_dir);
    server.disk = &disk;
    admin_server =
        std::make_unique<http::Server>(http_threads, std::move(server), std::move(router), http::Gates(gates()));
    admin_server->start();
}

void App::State::start_public_server() {
    http::Router router;
    catalog::add_video_endpoints(router, catalog);
    playback::add_media_endpoints(router, media_service);
    add_system_endpoints(router, [this] { return why_not_ready(); });
    http::StaticOptions pages;
    pages.media_origin = origin_of(settings.text("cdn.url"));
    router.add(http::static_files(embedded::web(), std::move(pages)));
    const auto listen = checked(parse_listen_address(settings.text("server.listen")));
    http::ServerOptions server;
    server.host = listen.host;
    server.port = listen.port;
    server.bound_socket = options.bound_socket;
    server.connections_max = connections_within(descriptor_limit());
    server.public_url = settings.text("server.public_url");
    server.trusted_proxies = checked(parse_proxies(settings.text("server.trusted_proxies")));
    server.api_origins = checked(parse_origins(settings.text("server.api_origins")));
    if (settings.flag("log.requests")) server.access_log = LogLevel::info;
    server.disk = &disk;
    auto all_gates = gates();
    // The owner of the folder, who comes by the other server, may use the last of the disk: the store alone refuses.
    all_gates.push_back(http::disk_gate([this] { return free_bytes(options.data_dir); }, kDiskReserveBytes));
    public_server = std::make_unique<http::Server>(http_threads, std::move(server), std::move(router),
                                                   http::Gates(std::move(all_gates)));
    public_server->start();
}

App::App(const Settings& settings, AppOptions options, DataDirLock lock)
    : state_(std::make_unique<State>(settings, std::move(options), std::move(lock))) {}

App::~App() = default;

void App::start() {
    auto& state = *state_;
    try {
        block_on(state.executor, state.migrate_databases());
        if (state.options.work) block_on(state.executor, state.check_sandbox());
        block_on(state.executor, state.start_services());
        // The address is known before commands can ask for it.
        if (state.options.listen) state.start_public_server();
        state.start_admin_server();
    } catch (...) {
        stop();
        throw;
    }
    log_info("started", {{"data_dir", state.options.data_dir.string()}, {"address", state.address()}});
}

void App::stop() {
    auto& state = *state_;
    if (state.public_server) state.public_server->stop();
    if (state.admin_server) state.admin_server->stop();
    block_on(state.executor, state.stop_services());
    state.public_server.reset();
    state.admin_server.reset();
    state.http_threads.stop();
    log_info("stopped");
}

void App::finish_commands() {
    while (state_->admin_server && state_->admin_server->connections() > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

std::uint16_t App::port() const { return state_->public_server ? state_->public_server->port() : 0; }
std::string App::address() const { return state_->address(); }

}  // namespace movio::app
