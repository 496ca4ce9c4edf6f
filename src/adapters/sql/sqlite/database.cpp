#include "adapters/sql/sqlite/database.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/sql/sqlite/connection.hpp"
#include "async/pool.hpp"
#include "base/error.hpp"
#include "base/log.hpp"

namespace movio {
namespace {

using sqlite::Access;
using sqlite::Busy;
using sqlite::Connection;
using Clock = std::chrono::steady_clock;

// SQLite gives its -wal and -shm files the mode of the database, so making that one private is enough.
void make_private_file(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        throw Failure("cannot open database '" + file.string() + "': " + system_message(errno) +
                      "; check that its folder exists and can be written");
    const bool made = ::fchmod(descriptor, 0600) == 0;
    const int error = errno;
    ::close(descriptor);
    if (!made) throw Failure("cannot make database '" + file.string() + "' private: " + system_message(error));
    // The name itself must survive a loss of power, too.
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) throw Failure("cannot open folder '" + folder.string() + "': " + system_message(errno));
    ::fsync(directory);
    ::close(directory);
}

// The whole transaction, tried anew while the database is busy and time is left.
void run_transaction(Connection& connection, std::string_view begin, const std::function<void(SqlSession&)>& body,
                     std::chrono::milliseconds deadline) {
    const auto end = Clock::now() + deadline;
    for (std::chrono::milliseconds pause{1};; pause = std::min(pause * 2, std::chrono::milliseconds(100))) {
        connection.set_deadline(end);
        try {
            connection.run(begin);
            body(connection);
            connection.run("COMMIT");
            break;
        } catch (const Busy&) {
            connection.roll_back();
            if (Clock::now() + pause > end) throw;
            std::this_thread::sleep_for(pause);
        } catch (...) {
            connection.roll_back();
            throw;
        }
    }
    for (const auto& hook : connection.take_after_commit()) {
        try {
            hook();
        } catch (const std::exception& failure) {
            // The transaction stands; an exception here would say that it does not.
            log_error("a hook after a commit failed", {{"reason", std::string(failure.what())}});
        }
    }
}

}  // namespace

struct SqliteDatabase::State {
    SqliteOptions options;
    std::atomic<bool> stopping{false};
    std::unique_ptr<Connection> writer;
    std::mutex mutex;
    std::vector<std::unique_ptr<Connection>> idle_readers;  // as many as the read pool has threads
    // Last, so that their threads end before the connections do.
    std::unique_ptr<Pool> read_pool;
    std::unique_ptr<Pool> write_pool;

    explicit State(SqliteOptions chosen) : options(std::move(chosen)) {
        make_private_file(options.file);
        writer = std::make_unique<Connection>(options.file, Access::read_write, options.now_us, stopping);
        for (int i = 0; i < options.readers; ++i)
            idle_readers.push_back(
                std::make_unique<Connection>(options.file, Access::read_only, options.now_us, stopping));
        read_pool = std::make_unique<Pool>("db", static_cast<std::size_t>(options.readers), options.queue_max);
        write_pool = std::make_unique<Pool>("db-write", 1, options.queue_max);
    }

    // Calls `work` with a reader that nobody else has.
    template <class Work>
    void with_reader(const Work& work) {
        std::unique_ptr<Connection> reader;
        {
            const std::scoped_lock lock(mutex);
            reader = std::move(idle_readers.back());
            idle_readers.pop_back();
        }
        struct Return {
            State& state;
            std::unique_ptr<Connection>& reader;
            ~Return() {
                const std::scoped_lock lock(state.mutex);
                state.idle_readers.push_back(std::move(reader));
            }
        } const give_back{*this, reader};
        work(*reader);
    }
};

SqliteDatabase::SqliteDatabase(SqliteOptions options) : state_(std::make_unique<State>(std::move(options))) {}

SqliteDatabase::~SqliteDatabase() { state_->stopping = true; }

Awaitable<void> SqliteDatabase::run(Mode mode, std::function<void(SqlSession&)> body) {
    State& state = *state_;
    if (mode == Mode::write) {
        auto work = [&state, &body] {
            run_transaction(*state.writer, "BEGIN IMMEDIATE", body, state.options.deadline);
        };
        co_await on_pool(*state.write_pool, work);
    } else {
        auto work = [&state, &body] {
            state.with_reader(
                [&](Connection& reader) { run_transaction(reader, "BEGIN", body, state.options.deadline); });
        };
        co_await on_pool(*state.read_pool, work);
    }
}

Awaitable<std::vector<std::string>> SqliteDatabase::check_integrity() {
    State& state = *state_;
    auto work = [&state] {
        std::vector<std::string> problems;
        state.with_reader([&](Connection& reader) {
            reader.set_deadline(Clock::time_point::max());
            for (const auto& row : reader.run("PRAGMA integrity_check(100)").rows)
                if (row.text(0) != "ok") problems.push_back(row.text(0));
            for (const auto& row : reader.run("PRAGMA foreign_key_check").rows)
                problems.push_back("a row of " + row.text(0) + " names a row of " + row.text(2) + " that is not there");
        });
        return problems;
    };
    co_return co_await on_pool(*state.read_pool, work);
}

}  // namespace movio
