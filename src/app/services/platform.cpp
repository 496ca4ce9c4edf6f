#include "app/services/platform.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "adapters/sql/migrate.hpp"
#include "app/setting_values.hpp"
#include "base/log.hpp"
#include "playback/media_token.hpp"

namespace movio::app {
namespace {

constexpr std::size_t kDiskThreads = 4;
constexpr std::size_t kDiskQueueMax = 4096;

std::size_t http_thread_count(const Settings& settings) {
    const auto configured = static_cast<std::size_t>(settings.integer("server.threads"));
    return configured > 0 ? configured : std::max(1U, std::thread::hardware_concurrency() / 2);
}

// Where the keys of one purpose come from.
struct KeySource {
    std::string_view active;  // settings
    std::string_view older;
    std::filesystem::path file;
};

KeySource log_in_keys(const std::filesystem::path& data_dir) {
    return {"auth.signing_key", "auth.old_signing_keys", key_file(data_dir)};
}

KeySource address_keys(const std::filesystem::path& data_dir) {
    return {"playback.address_key", "playback.old_address_keys", media_key_file(data_dir)};
}

access::KeyRing::Keys load_keys(const Settings& settings, const KeySource& source) {
    const auto& active = settings.text(source.active);
    if (active.empty()) return checked(access::KeyRing::load_or_make(source.file));
    return checked(access::KeyRing::configured(active, parse_list(settings.text(source.older))));
}

// `keep`: how long what a key signed may count.
Result<void> rotate(const Settings& settings, const KeySource& source, std::chrono::seconds keep,
                    access::KeyRing& ring) {
    if (!settings.text(source.active).empty())
        return fail(ErrorCode::conflict, fmt::format("the key stands in the settings; put a new one into {}, the one "
                                                     "before into {}, and restart",
                                                     source.active, source.older));
    auto keys = access::KeyRing::rotate(source.file, std::chrono::microseconds(keep).count());
    if (!keys) return std::unexpected(keys.error());
    ring.replace(std::move(*keys));
    return {};
}

}  // namespace

std::filesystem::path key_file(const std::filesystem::path& data_dir) { return data_dir / "token-keys.json"; }

std::filesystem::path media_key_file(const std::filesystem::path& data_dir) { return data_dir / "media-keys.json"; }

Result<void> rotate_keys(Platform& platform) {
    const auto& settings = platform.settings;
    const auto days = std::max(settings.integer("auth.v1_token_days"), settings.integer("accounts.session_days"));
    return rotate(settings, log_in_keys(platform.options.data_dir), std::chrono::days(days), platform.keys);
}

Result<void> rotate_media_keys(Platform& platform) {
    const auto& settings = platform.settings;
    const auto longest = playback::address_life_max(std::chrono::seconds(settings.integer("playback.address_seconds")));
    return rotate(settings, address_keys(platform.options.data_dir), longest, platform.media_keys);
}

Platform::Platform(const Settings& given, AppOptions given_options, DataDirLock given_lock)
    : settings(given),
      options(std::move(given_options)),
      lock(std::move(given_lock)),
      http_threads(http_thread_count(settings)),
      disk("disk", kDiskThreads, kDiskQueueMax),
      keys(load_keys(settings, log_in_keys(options.data_dir))),
      media_keys(load_keys(settings, address_keys(options.data_dir))),
      blobs(DiskBlobStoreOptions{.root = blob_folder()}, disk) {}

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
