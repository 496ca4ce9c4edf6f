#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "async/asio.hpp"
#include "base/embedded.hpp"
#include "ports/database.hpp"

namespace movio {

struct MigrationReport {
    std::string service;
    std::int64_t from = 0;  // version before, 0 for a new database
    std::int64_t to = 0;
    std::vector<std::string> applied;  // names, in order
};

// Brings a service's database to the newest schema: applies `<service>/NNNN_name.sql`, numbered from 1 without a gap,
// in order, each in a transaction of its own. Forward only. Throws Failure, and changes nothing, when the database
// belongs to another service or program, is of a newer version than is known here, or was made by a migration that
// reads differently now. Scripts are written in the SQL that both dialects share; for SQLite, BIGINT becomes INTEGER
// and every table STRICT.
Awaitable<MigrationReport> migrate(Database& database, std::string service,
                                   std::span<const embedded::File> files = embedded::migrations());

// Throws Failure, naming both versions and the command that helps, unless the database is exactly what `migrate`
// would leave behind.
Awaitable<void> check_schema(Database& database, std::string service,
                             std::span<const embedded::File> files = embedded::migrations());

// The statements of a script, without comments and the semicolons between them.
std::vector<std::string> split_statements(std::string_view script);

}  // namespace movio
