#pragma once
#include <memory>

#include "app/admin_client.hpp"

namespace movio::app {

// For commands that ask, print and end: only what is wrong is logged.
Result<std::unique_ptr<AdminClient>> connect_quietly(const CommandContext& context,
                                                     AdminClient::Need need = AdminClient::Need::look);
// Writes the error to standard error; the exit code.
int complain(const Error& error);

}  // namespace movio::app
