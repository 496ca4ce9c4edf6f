#pragma once
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "async/asio.hpp"

namespace movio {

using SqlValue = std::variant<std::monostate, std::int64_t, std::string>;

// Shorthand for arguments: ids and enums go as text, flags as 0/1, absent optionals as NULL.
inline SqlValue sql(std::int64_t value) { return value; }
inline SqlValue sql(int value) { return std::int64_t{value}; }
inline SqlValue sql(bool value) { return std::int64_t{value}; }
inline SqlValue sql(std::string value) { return SqlValue(std::move(value)); }
inline SqlValue sql(std::string_view value) { return SqlValue(std::string(value)); }
inline SqlValue sql(const char* value) { return SqlValue(std::string(value)); }
template <class T>
SqlValue sql(const std::optional<T>& value) {
    return value ? sql(*value) : SqlValue{};
}

// One row of a result. Reading a column as another kind than it holds is a bug and throws Failure naming the column.
class SqlRow {
public:
    explicit SqlRow(std::vector<SqlValue> values) : values_(std::move(values)) {}
    bool is_null(std::size_t column) const { return std::holds_alternative<std::monostate>(values_.at(column)); }
    std::int64_t integer(std::size_t column) const;
    const std::string& text(std::size_t column) const;
    bool flag(std::size_t column) const { return integer(column) != 0; }
    std::optional<std::int64_t> integer_or_null(std::size_t column) const;
    std::optional<std::string> text_or_null(std::size_t column) const;

private:
    std::vector<SqlValue> values_;
};

struct SqlResult {
    std::vector<SqlRow> rows;
    std::int64_t changed = 0;  // rows inserted, updated or deleted
    bool empty() const { return rows.empty(); }
};

enum class SqlDialect { sqlite, postgres };

// What runs inside a transaction, on a thread of the db pool: synchronous, so that SQL reads top to bottom. Arguments
// are $1…$n (valid in both dialects). `movio_now_us()` is the only clock; it stands still within a statement. Errors
// of the database throw Failure.
class SqlSession {
public:
    virtual ~SqlSession() = default;
    virtual SqlResult run(std::string_view statement, std::span<const SqlValue> arguments) = 0;
    SqlResult run(std::string_view statement, std::initializer_list<SqlValue> arguments = {}) {
        return run(statement, std::span<const SqlValue>(arguments.begin(), arguments.size()));
    }
    virtual SqlDialect dialect() const = 0;
    // ` FOR UPDATE SKIP LOCKED` where the dialect has it, empty where one writer makes it needless.
    virtual std::string_view skip_locked() const = 0;
    // Called once the transaction is durable, on the pool's thread, never when it is rolled back. The hook must only
    // wake something: it must not block, throw or use the session.
    void after_commit(std::function<void()> hook) { after_commit_.push_back(std::move(hook)); }
    // For the adapter that commits.
    std::vector<std::function<void()>> take_after_commit() { return std::exchange(after_commit_, {}); }

private:
    std::vector<std::function<void()>> after_commit_;
};

// One service's database. Thread-safe. A body may be run again from the start when the database asks for it
// (serialization failure), so it must have no effect outside the session.
class Database {
public:
    virtual ~Database() = default;

    // A consistent snapshot; writing in it fails.
    template <class Body>
    Awaitable<std::invoke_result_t<Body&, SqlSession&>> read(Body body) {
        return transact(Mode::read, std::move(body));
    }
    // Commits, durably, when the body returns; rolls back when it throws.
    template <class Body>
    Awaitable<std::invoke_result_t<Body&, SqlSession&>> write(Body body) {
        return transact(Mode::write, std::move(body));
    }

protected:
    enum class Mode { read, write };
    virtual Awaitable<void> run(Mode mode, std::function<void(SqlSession&)> body) = 0;

private:
    template <class Body>
    Awaitable<std::invoke_result_t<Body&, SqlSession&>> transact(Mode mode, Body body) {
        using Value = std::invoke_result_t<Body&, SqlSession&>;
        if constexpr (std::is_void_v<Value>) {
            std::function<void(SqlSession&)> task = [&body](SqlSession& session) { body(session); };
            co_await run(mode, std::move(task));
        } else {
            std::optional<Value> value;
            std::function<void(SqlSession&)> task = [&body, &value](SqlSession& session) {
                value.emplace(body(session));
            };
            co_await run(mode, std::move(task));
            co_return std::move(*value);
        }
    }
};

}  // namespace movio
