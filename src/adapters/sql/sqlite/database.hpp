#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "ports/database.hpp"

namespace movio {

struct SqliteOptions {
    std::filesystem::path file;
    // Connections, each with a thread of its own, for read transactions.
    int readers = 2;
    // A transaction that takes longer, waiting for the database included, fails.
    std::chrono::milliseconds deadline = limits::kStatementDeadline;
    std::size_t queue_max = limits::kDatabaseQueueMax;
    // What `movio_now_us()` answers.
    std::function<std::int64_t()> now_us = wall_now_us;
};

// A SQLite file in WAL mode with synchronous=FULL: a commit survives loss of power. One connection writes, others read
// snapshots beside it. The file is made with mode 0600 if it is not there; its folder must exist.
class SqliteDatabase final : public Database {
public:
    // Blocks: opens and checks the file. Throws Failure when it is not a database or cannot be had.
    explicit SqliteDatabase(SqliteOptions options);
    // Ends what runs and refuses what waits, with a Failure; then closes. Whoever awaits must still be able to resume.
    ~SqliteDatabase() override;

    // What is wrong with the file, one sentence each; empty when it is sound. Reads all of it, in the place of a
    // reader, and may take longer than the deadline.
    Awaitable<std::vector<std::string>> check_integrity();

protected:
    Awaitable<void> run(Mode mode, std::function<void(SqlSession&)> body) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace movio
