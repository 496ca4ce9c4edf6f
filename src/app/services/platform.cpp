#include "app/services/platform.hpp"

#include <algorithm>
#include <thread>

#include "adapters/sql/migrate.hpp"
#include "app/setting_values.hpp"
#include "base/log.hpp"

namespace movio::app {
namespace {

constexpr std::size_t kDiskThreads = 4;
constexpr std::size_t kDiskQueueMax = 4096;

std::size_t http_thread_count(const Settings& settings) {
    const auto configured = static_cast<std::size_t>(settings.integer("server.threads"));
    return configured > 0 ? configured : std::max(1U, std::thread::hardware_concurrency() / 2);
}

access::KeyRing::Keys load_keys(const Settings& settings, const std::filesystem::path& data_dir) {
    const auto& active = settings.text("auth.signing_key");
    if (active.empty()) return checked(access::KeyRing::load_or_make(key_file(data_dir)));
    return checked(access::KeyRing::configured(active, parse_list(settings.text("auth.old_signing_keys"))));
}

}  // namespace

std::filesystem::path key_file(const std::filesystem::path& data_dir) { return data_dir / "token-keys.json"; }

Result<void> rotate_keys(Platform& platform) {
    const auto& settings = platform.settings;
    if (!settings.text("auth.signing_key").empty())
        return fail(ErrorCode::conflict,
                    "the key stands in the settings; put a new one into auth.signing_key, the one before into "
                    "auth.old_signing_keys, and restart");
    const auto days = std::max(settings.integer("auth.v1_token_days"), settings.integer("accounts.session_days"));
    const std::int64_t keep_us = days * 24 * 3600 * 1'000'000;
    auto keys = access::KeyRing::rotate(key_file(platform.options.data_dir), keep_us);
    if (!keys) return std::unexpected(keys.error());
    platform.keys.replace(std::move(*keys));
    return {};
}

Platform::Platform(const Settings& given, AppOptions given_options, DataDirLock given_lock)
    : settings(given),
      options(std::move(given_options)),
      lock(std::move(given_lock)),
      http_threads(http_thread_count(settings)),
      disk("disk", kDiskThreads, kDiskQueueMax),
      keys(load_keys(settings, options.data_dir)),
      blobs(DiskBlobStoreOptions{.root = options.data_dir / "blobs"}, disk) {}

ServiceCore::ServiceCore(Platform& platform, std::string schema_name, std::string name,
                         ledger::RunnerOptions runner_options)
    : schema(std::move(schema_name)),
      database(SqliteOptions{.file = platform.options.data_dir / (schema + ".db")}),
      ledger(database, platform.bell, std::move(name)),
      pump(database, outbox, platform.bus, platform.executor),
      runner(ledger, platform.executor, std::move(runner_options)) {}

Awaitable<void> ServiceCore::migrate_database() {
    const auto report = co_await migrate(database, schema);
    for (const auto& name : report.applied) log_info("migration applied", {{"service", schema}, {"name", name}});
}

Awaitable<void> ServiceCore::release_leases() { co_await ledger.release_owner(std::string(kLeaseOwner)); }

void ServiceCore::start() {
    started_ = true;
    pump.start();
    runner.start();
}

Awaitable<void> ServiceCore::stop() {
    if (!std::exchange(started_, false)) co_return;
    co_await runner.stop();
    co_await pump.stop();
}

ledger::RunnerOptions runner_options(const Settings& settings, std::vector<ledger::SlotClass> classes) {
    ledger::RunnerOptions options;
    options.owner = kLeaseOwner;
    options.classes = std::move(classes);
    options.keep_ended = std::chrono::hours(24 * settings.integer("jobs.keep_days"));
    return options;
}

}  // namespace movio::app
