#include "adapters/sql/sqlite/connection.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <sqlite3.h>

#include "base/limits.hpp"

namespace movio::sqlite {
namespace {

// Virtual machine steps between two looks at the clock: some 50 µs.
constexpr int kStepsPerCheck = 2000;
// How long one statement waits for a lock of another process before the transaction is tried anew.
constexpr int kBusyTimeoutMs = 2000;
// A value longer than this is a bug: bulk lives in blobs.
constexpr int kValueBytesMax = 64 << 20;

// "INSERT INTO videos", so that a message says where without saying what.
std::string first_words(std::string_view statement) {
    std::string words;
    int count = 0;
    for (std::size_t at = statement.find_first_not_of(" \n\t"); at != std::string_view::npos && count < 4; ++count) {
        const std::size_t end = std::min(statement.find_first_of(" \n\t(", at), statement.size());
        if (end == at) break;
        if (!words.empty()) words += ' ';
        words += statement.substr(at, std::min<std::size_t>(end - at, 40));
        at = statement.find_first_not_of(" \n\t", end);
    }
    return words;
}

void now_function(sqlite3_context* context, int, sqlite3_value**) {
    sqlite3_result_int64(context, *static_cast<const std::int64_t*>(sqlite3_user_data(context)));
}

// The number of argument "$12"; 0 for anything else.
std::size_t argument_number(const char* name) {
    if (name == nullptr || name[0] != '$') return 0;
    const std::string_view digits(name + 1);
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc{} && end == digits.data() + digits.size() ? number : 0;
}

int bind_value(sqlite3_stmt* statement, int position, const SqlValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return sqlite3_bind_int64(statement, position, *number);
    // The arguments outlive the run, and bindings are cleared after it.
    if (const auto* text = std::get_if<std::string>(&value))
        return sqlite3_bind_text64(statement, position, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    return sqlite3_bind_null(statement, position);
}

SqlValue column_value(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
        case SQLITE_INTEGER: return sqlite3_column_int64(statement, column);
        case SQLITE_NULL: return std::monostate{};
        case SQLITE_TEXT: {
            const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
            return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
        }
        default: throw Failure("a result column is neither integer nor text");
    }
}

struct ResetStatement {
    void operator()(sqlite3_stmt* statement) const {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
};

}  // namespace

void CloseConnection::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
void FinalizeStatement::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

sqlite3_stmt* StatementCache::find(std::string_view text) {
    const auto found = by_text_.find(text);
    if (found == by_text_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->statement.get();
}

sqlite3_stmt* StatementCache::add(std::string_view text, StatementHandle statement) {
    if (entries_.size() >= limits::kStatementsCachedMax) {
        by_text_.erase(entries_.back().text);
        entries_.pop_back();
    }
    entries_.push_front({std::string(text), std::move(statement)});
    by_text_.emplace(entries_.front().text, entries_.begin());
    return entries_.front().statement.get();
}

void StatementCache::clear() {
    by_text_.clear();
    entries_.clear();
}

Connection::Connection(const std::filesystem::path& file, Access access, const std::function<std::int64_t()>& now_us,
                       const std::atomic<bool>& stopping)
    : name_(file.filename().string()), now_us_(now_us), stopping_(stopping) {
    sqlite3* handle = nullptr;
    const int opened = sqlite3_open_v2(file.c_str(), &handle,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    handle_.reset(handle);
    if (opened != SQLITE_OK)
        throw Failure("cannot open database '" + file.string() + "': " + sqlite3_errstr(opened) +
                      "; check that the file and its folder can be written");
    sqlite3_busy_timeout(handle, kBusyTimeoutMs);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, kValueBytesMax);
    watch_time();
    if (const int made = sqlite3_create_function_v2(handle, "movio_now_us", 0, SQLITE_UTF8, &moment_us_, now_function,
                                                    nullptr, nullptr, nullptr);
        made != SQLITE_OK)
        throw_error(made, "movio_now_us");
    if (run("PRAGMA journal_mode = WAL").rows.at(0).text(0) != "wal")
        throw Failure("database '" + file.string() + "' cannot use a write-ahead log there; put it on a local disk");
    run("PRAGMA synchronous = FULL");
    run("PRAGMA foreign_keys = ON");
    run("PRAGMA trusted_schema = OFF");
    run("PRAGMA cell_size_check = ON");
    run("PRAGMA temp_store = MEMORY");
    run("PRAGMA journal_size_limit = 67108864");
    if (access == Access::read_only) run("PRAGMA query_only = ON");
}

Connection::~Connection() { cache_.clear(); }

void Connection::watch_time() {
    sqlite3_progress_handler(
        handle_.get(), kStepsPerCheck,
        [](void* self) { return static_cast<const Connection*>(self)->out_of_time() ? 1 : 0; }, this);
}

bool Connection::out_of_time() const {
    return stopping_.load(std::memory_order_relaxed) || std::chrono::steady_clock::now() > deadline_;
}

sqlite3_stmt* Connection::prepared(std::string_view statement) {
    if (auto* known = cache_.find(statement)) return known;
    sqlite3_stmt* raw = nullptr;
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(handle_.get(), statement.data(), static_cast<int>(statement.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, &rest);
    StatementHandle handle(raw);
    if (code != SQLITE_OK) throw_error(code, statement);
    const std::string_view remainder(rest, static_cast<std::size_t>(statement.data() + statement.size() - rest));
    if (!handle || remainder.find_first_not_of(" \n\t;") != std::string_view::npos)
        throw Failure("database " + name_ + ": '" + first_words(statement) + "' is not exactly one statement");
    return cache_.add(statement, std::move(handle));
}

SqlResult Connection::run(std::string_view statement, std::span<const SqlValue> arguments) {
    if (out_of_time()) throw_error(SQLITE_INTERRUPT, statement);
    sqlite3* const database = handle_.get();
    const std::unique_ptr<sqlite3_stmt, ResetStatement> running(prepared(statement));
    sqlite3_stmt* const handle = running.get();
    std::size_t highest = 0;
    for (int position = 1; position <= sqlite3_bind_parameter_count(handle); ++position) {
        const std::size_t number = argument_number(sqlite3_bind_parameter_name(handle, position));
        if (number == 0 || number > arguments.size())
            throw Failure("database " + name_ + ": '" + first_words(statement) +
                          "' wants an argument it was not given");
        highest = std::max(highest, number);
        const int bound = bind_value(handle, position, arguments[number - 1]);
        if (bound != SQLITE_OK) throw_error(bound, statement);
    }
    if (highest != arguments.size())
        throw Failure("database " + name_ + ": '" + first_words(statement) +
                      "' was given more arguments than it wants");

    SqlResult result;
    moment_us_ = now_us_();
    const std::int64_t changed_before = sqlite3_total_changes64(database);
    for (;;) {
        const int code = sqlite3_step(handle);
        if (code == SQLITE_DONE) break;
        if (code != SQLITE_ROW) throw_error(code, statement);
        if (result.rows.size() >= limits::kSqlRowsMax)
            throw Failure("database " + name_ + ": '" + first_words(statement) +
                          "' has more rows than are read at once");
        std::vector<SqlValue> values;
        values.reserve(static_cast<std::size_t>(sqlite3_column_count(handle)));
        for (int column = 0; column < sqlite3_column_count(handle); ++column)
            values.push_back(column_value(handle, column));
        result.rows.emplace_back(std::move(values));
    }
    // total_changes also counts rows that a cascade took; changes() keeps the number of an earlier statement when
    // this one changes nothing.
    if (sqlite3_total_changes64(database) != changed_before) result.changed = sqlite3_changes64(database);
    return result;
}

void Connection::throw_error(int code, std::string_view statement) const {
    const int primary = code & 0xff;
    const std::string where = "database " + name_ + ": '" + first_words(statement) + "' failed: ";
    switch (primary) {
        case SQLITE_BUSY: throw Busy(where + "it is locked by another process");
        case SQLITE_FULL: throw NoSpace(where + "no space is left; make room on the disk");
        case SQLITE_INTERRUPT:
            throw Failure(where + (stopping_.load() ? "the database is being closed" : "it took too long"));
        // These texts name columns and tables, never values.
        case SQLITE_CONSTRAINT:
        case SQLITE_ERROR: throw Failure(where + sqlite3_errmsg(handle_.get()));
        default: throw Failure(where + sqlite3_errstr(code));
    }
}

void Connection::roll_back() noexcept {
    if (handle_ && sqlite3_get_autocommit(handle_.get()) == 0) {
        // Must not be interrupted itself.
        sqlite3_progress_handler(handle_.get(), 0, nullptr, nullptr);
        sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
        watch_time();
    }
    take_after_commit();
}

}  // namespace movio::sqlite
