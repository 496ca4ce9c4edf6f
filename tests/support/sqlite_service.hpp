#pragma once
#include <string>

#include "adapters/sql/migrate.hpp"
#include "adapters/sql/sqlite/database.hpp"
#include "support/coroutines.hpp"
#include "support/temp_dir.hpp"

namespace movio::test {

// A service's real database in a folder of its own, with its schema.
struct SqliteService {
    explicit SqliteService(std::string service) : database(SqliteOptions{.file = folder.path() / (service + ".db")}) {
        loop.run(migrate(database, service));
    }
    template <class Body>
    auto write(Body body) {
        return loop.run(database.write(std::move(body)));
    }
    template <class Body>
    auto read(Body body) {
        return loop.run(database.read(std::move(body)));
    }

    TempDir folder;
    Loop loop;
    SqliteDatabase database;
};

}  // namespace movio::test
