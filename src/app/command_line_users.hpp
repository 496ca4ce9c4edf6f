#pragma once
#include <functional>

#include <CLI/CLI.hpp>

#include "app/commands/commands.hpp"

namespace movio::app {

// What was called, once it is read.
using Command = std::function<int(const CommandContext&)>;

// `movio user delete`.
void add_user_delete(CLI::App& user, Command& command);
// `movio audit list`.
void add_audit(CLI::App& app, Command& command);

}  // namespace movio::app
