#include <array>
#include <iostream>

#include <fmt/format.h>

#include "adapters/sql/migrate.hpp"
#include "adapters/sql/sqlite/database.hpp"
#include "app/command_line.hpp"
#include "app/commands/commands.hpp"
#include "app/data_dir.hpp"
#include "async/io_threads.hpp"

namespace movio::app {

int run_migrate(const CommandContext& context) {
    if (auto entered = enter_data_dir(context.data_dir); !entered) {
        std::cerr << "movio: " << entered.error().message << '\n';
        return kExitFailure;
    }
    const auto lock = DataDirLock::try_take(context.data_dir);
    if (!lock || !*lock) {
        std::cerr << "movio: "
                  << (lock ? "stop the server first: it works on " + context.data_dir.string() : lock.error().message)
                  << '\n';
        return kExitFailure;
    }
    IoThreads threads(1);
    for (const std::string service : {"accounts", "catalog", "processing", "search"}) {
        SqliteDatabase database({.file = context.data_dir / (service + ".db")});
        const auto report = block_on(threads.executor(0), migrate(database, service));
        std::cout << fmt::format("{}: version {}", service, report.to);
        std::cout << (report.applied.empty() ? ", nothing to do\n"
                                             : fmt::format(", {} applied\n", report.applied.size()));
    }
    return kExitDone;
}

}  // namespace movio::app
