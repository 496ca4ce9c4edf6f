#include "adapters/sql/migrate.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include "base/digest.hpp"
#include "base/error.hpp"

namespace movio {
namespace {

struct Migration {
    std::int64_t version = 0;
    std::string name;
    std::string_view script;
    std::string sha256;
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// "catalog/0002_catalog.sql" is version 2, named "catalog".
std::optional<Migration> migration_from_file(const embedded::File& file, std::string_view service) {
    std::string_view name = file.path;
    if (!name.starts_with(service) || !name.substr(service.size()).starts_with('/')) return std::nullopt;
    name.remove_prefix(service.size() + 1);
    std::int64_t version = 0;
    const auto* const begin = name.data();
    const auto [end, error] = std::from_chars(begin, begin + std::min<std::size_t>(4, name.size()), version);
    if (error != std::errc{} || end != begin + 4 || !name.substr(4).starts_with('_') || !name.ends_with(".sql"))
        throw Failure("migration '" + std::string(file.path) + "' is not named NNNN_name.sql");
    name = name.substr(5, name.size() - 5 - 4);
    return Migration{version, std::string(name), file.content, sha256_hex(as_bytes(file.content))};
}

std::vector<Migration> migrations_of(std::string_view service, std::span<const embedded::File> files) {
    std::vector<Migration> migrations;
    for (const auto& file : files)
        if (auto migration = migration_from_file(file, service)) migrations.push_back(std::move(*migration));
    std::ranges::sort(migrations, {}, &Migration::version);
    for (std::size_t i = 0; i < migrations.size(); ++i)
        if (std::cmp_not_equal(migrations[i].version, i + 1))
            throw Failure("the migrations of " + std::string(service) + " are not numbered 1, 2, 3 …");
    if (migrations.empty()) throw Failure("there are no migrations of a service '" + std::string(service) + "'");
    return migrations;
}

// SQLite checks types only in STRICT tables, and there knows its integers by that name alone.
std::string in_dialect(const std::string& statement, SqlDialect dialect) {
    const bool creates = statement.starts_with("CREATE TABLE");
    if (dialect != SqlDialect::sqlite || (!creates && !statement.starts_with("ALTER TABLE"))) return statement;
    static constexpr std::string_view kType = "BIGINT";
    std::string out;
    bool quoted = false;
    for (std::size_t at = 0; at < statement.size();) {
        if (statement[at] == '\'') quoted = !quoted;
        const bool begins_word = at == 0 || !is_word(statement[at - 1]);
        const std::size_t after = at + kType.size();
        if (!quoted && begins_word && statement.compare(at, kType.size(), kType) == 0 &&
            (after >= statement.size() || !is_word(statement[after]))) {
            out += "INTEGER";
            at = after;
        } else {
            out += statement[at++];
        }
    }
    return creates ? out + " STRICT" : out;
}

std::vector<std::string> tables_of(SqlSession& session) {
    const auto result =
        session.dialect() == SqlDialect::sqlite
            ? session.run("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            : session.run("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()");
    std::vector<std::string> tables;
    tables.reserve(result.rows.size());
    for (const auto& row : result.rows) tables.push_back(row.text(0));
    return tables;
}

void refuse_foreign(SqlSession& session, const std::string& service) {
    const auto owner = session.run("SELECT name FROM schema_service");
    if (owner.rows.size() != 1 || owner.rows[0].text(0) != service)
        throw Failure("the database belongs to service '" + (owner.empty() ? "" : owner.rows[0].text(0)) +
                      "', not to '" + service + "'; check which file or schema the setting names");
}

void refuse_changed(const Migration& migration, const std::string& name, const std::string& sha256) {
    if (migration.name != name || migration.sha256 != sha256)
        throw Failure("migration " + std::to_string(migration.version) + " '" + migration.name +
                      "' is not the one that made the database ('" + name +
                      "'); run the program version that made it, or restore the migration");
}

// Version of the database, 0 when it is empty; throws when it is not one that these migrations can go on with.
std::int64_t version_of(SqlSession& session, const std::string& service, const std::vector<Migration>& known) {
    const auto tables = tables_of(session);
    if (tables.empty()) return 0;
    if (std::ranges::find(tables, "schema_migrations") == tables.end() ||
        std::ranges::find(tables, "schema_service") == tables.end())
        throw Failure("the database of service '" + service + "' holds tables of another program; give Movio its own");
    refuse_foreign(session, service);
    std::int64_t version = 0;
    for (const auto& row : session.run("SELECT version, name, sha256 FROM schema_migrations ORDER BY version").rows) {
        version = row.integer(0);
        if (std::cmp_less_equal(version, known.size()))
            refuse_changed(known[static_cast<std::size_t>(version - 1)], row.text(1), row.text(2));
    }
    if (std::cmp_greater(version, known.size()))
        throw Failure("the database of service '" + service + "' has schema version " + std::to_string(version) +
                      ", this program knows up to " + std::to_string(known.size()) + "; run the newer program");
    return version;
}

void apply(SqlSession& session, const std::string& service, const Migration& migration) {
    if (migration.version == 1) {
        session.run(in_dialect("CREATE TABLE schema_service (name TEXT NOT NULL PRIMARY KEY)", session.dialect()));
        session.run(
            in_dialect("CREATE TABLE schema_migrations (version BIGINT NOT NULL PRIMARY KEY, "
                       "name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_us BIGINT NOT NULL)",
                       session.dialect()));
        session.run("INSERT INTO schema_service (name) VALUES ($1)", {sql(service)});
    }
    for (const auto& statement : split_statements(migration.script))
        session.run(in_dialect(statement, session.dialect()));
    session.run("INSERT INTO schema_migrations (version, name, sha256, applied_us) VALUES ($1, $2, $3, movio_now_us())",
                {sql(migration.version), sql(migration.name), sql(migration.sha256)});
}

}  // namespace

std::vector<std::string> split_statements(std::string_view script) {
    std::vector<std::string> statements;
    std::string current;
    const auto end_statement = [&] {
        const std::size_t begin = current.find_first_not_of(" \n\t\r");
        if (begin != std::string::npos)
            statements.push_back(current.substr(begin, current.find_last_not_of(" \n\t\r") + 1 - begin));
        current.clear();
    };
    bool quoted = false;
    for (std::size_t at = 0; at < script.size(); ++at) {
        const char c = script[at];
        if (c == '\'') quoted = !quoted;
        if (!quoted && script.substr(at).starts_with("--")) {
            at = std::min(script.find('\n', at), script.size() - 1);
            current += '\n';
        } else if (!quoted && c == ';') {
            end_statement();
        } else {
            current += c;
        }
    }
    end_statement();
    return statements;
}

Awaitable<MigrationReport> migrate(Database& database, std::string service, std::span<const embedded::File> files) {
    const auto known = migrations_of(service, files);
    MigrationReport report{.service = service, .from = -1, .to = 0, .applied = {}};
    for (;;) {
        // Looked at anew each time: another process may be migrating, too.
        auto step = [&](SqlSession& session) -> std::pair<std::int64_t, bool> {
            const std::int64_t version = version_of(session, service, known);
            if (std::cmp_equal(version, known.size())) return {version, false};
            apply(session, service, known[static_cast<std::size_t>(version)]);
            return {version, true};
        };
        const auto [version, more] = co_await database.write(step);
        if (report.from < 0) report.from = version;
        report.to = version;
        if (!more) co_return report;
        report.applied.push_back(known[static_cast<std::size_t>(version)].name);
    }
}

Awaitable<void> check_schema(Database& database, std::string service, std::span<const embedded::File> files) {
    const auto known = migrations_of(service, files);
    auto look = [&](SqlSession& session) { return version_of(session, service, known); };
    const std::int64_t version = co_await database.read(look);
    if (std::cmp_less(version, known.size()))
        throw Failure("the database of service '" + service + "' has schema version " + std::to_string(version) +
                      ", this program needs " + std::to_string(known.size()) + "; run 'movio migrate'");
}

}  // namespace movio
