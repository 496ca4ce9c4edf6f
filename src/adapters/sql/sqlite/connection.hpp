#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/error.hpp"
#include "ports/database.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace movio::sqlite {

// The database is locked by somebody else, or the snapshot is too old: worth another try of the whole transaction.
class Busy : public Failure {
public:
    using Failure::Failure;
};

struct CloseConnection {
    void operator()(sqlite3* connection) const;
};
struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const;
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

// Prepared statements by text; the one unused for longest goes when there are too many.
class StatementCache {
public:
    // nullptr when it is not there.
    sqlite3_stmt* find(std::string_view text);
    sqlite3_stmt* add(std::string_view text, StatementHandle statement);
    void clear();

private:
    struct Entry {
        std::string text;
        StatementHandle statement;
    };
    std::list<Entry> entries_;  // most recently used first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> by_text_;
};

enum class Access { read_write, read_only };

// One connection, used by one thread at a time. Every statement ends at the deadline or when `stopping` becomes true.
class Connection final : public SqlSession {
public:
    Connection(const std::filesystem::path& file, Access access, const std::function<std::int64_t()>& now_us,
               const std::atomic<bool>& stopping);
    ~Connection() override;

    using SqlSession::run;
    SqlResult run(std::string_view statement, std::span<const SqlValue> arguments) override;
    SqlDialect dialect() const override { return SqlDialect::sqlite; }
    std::string_view skip_locked() const override { return {}; }

    void set_deadline(std::chrono::steady_clock::time_point deadline) { deadline_ = deadline; }
    // Whatever the state; never throws.
    void roll_back() noexcept;

private:
    sqlite3_stmt* prepared(std::string_view statement);
    [[noreturn]] void throw_error(int code, std::string_view statement) const;
    void watch_time();
    bool out_of_time() const;

    std::string name_;  // of the file, for messages
    const std::function<std::int64_t()>& now_us_;
    std::int64_t moment_us_ = 0;  // when the statement that runs began
    const std::atomic<bool>& stopping_;
    std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
    std::unique_ptr<sqlite3, CloseConnection> handle_;
    StatementCache cache_;
};

}  // namespace movio::sqlite
