#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "access/key_ring.hpp"
#include "adapters/disk/blob_store.hpp"
#include "adapters/memory/event_bus.hpp"
#include "adapters/memory/rate_limiter.hpp"
#include "adapters/memory/task_queue.hpp"
#include "adapters/sql/sqlite/database.hpp"
#include "app/app.hpp"
#include "async/io_threads.hpp"
#include "ledger/ledger.hpp"
#include "ledger/outbox.hpp"
#include "ledger/runner.hpp"

namespace movio::app {

// One process works on a data folder at a time, so whoever held leases before is dead.
inline constexpr std::string_view kLeaseOwner = "local";

// The value, or a Failure with the error's words: for what was checked before or cannot be helped at start.
template <class T>
T checked(Result<T> result) {
    if (!result) throw Failure(result.error().message);
    return std::move(*result);
}

// What the services of one process share: settings, threads, and the embedded adapters that are not any one's own.
struct Platform {
    Platform(const Settings& given, AppOptions given_options, DataDirLock given_lock);

    std::filesystem::path blob_folder() const { return options.data_dir / "blobs"; }

    Settings settings;
    AppOptions options;
    DataDirLock lock;

    IoThreads http_threads;
    IoThreads service_threads{1};
    asio::any_io_executor executor = service_threads.executor(0);
    Pool disk;
    access::KeyRing keys;        // of log-ins
    access::KeyRing media_keys;  // of media addresses
    MemoryRateLimiter limiter;
    DiskBlobStore blobs;
    MemoryTaskQueue bell;
    InProcessEventBus bus;
};

// Where the keys of log-ins are, unless the settings have them.
std::filesystem::path key_file(const std::filesystem::path& data_dir);
// The same of media addresses.
std::filesystem::path media_key_file(const std::filesystem::path& data_dir);
// Makes a new key sign from now on; `conflict` where the settings have the keys. Blocks for a sync.
Result<void> rotate_keys(Platform& platform);
Result<void> rotate_media_keys(Platform& platform);

// What each service has of its own: a database with the ledger's tables, its outbox, and who works on its tasks. Calls
// come from the platform's executor.
struct ServiceCore {
    // `schema` is the folder of migrations and the name of the database file; `name` that of the ledger's queue.
    ServiceCore(Platform& platform, std::string schema, std::string name, ledger::RunnerOptions runner_options);

    Awaitable<void> migrate_database();
    // Takes back what a dead process held.
    Awaitable<void> release_leases();
    void start();
    Awaitable<void> stop();

    std::string schema;
    SqliteDatabase database;
    ledger::Outbox outbox;
    ledger::Ledger ledger;
    ledger::OutboxPump pump;
    ledger::TaskRunner runner;

private:
    bool started_ = false;
};

ledger::RunnerOptions runner_options(const Settings& settings, std::vector<ledger::SlotClass> classes);

}  // namespace movio::app
