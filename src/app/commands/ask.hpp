#pragma once
#include <memory>
#include <string>

#include "app/admin_client.hpp"

namespace movio::app {

// For commands that ask, print and end: only what is wrong is logged.
Result<std::unique_ptr<AdminClient>> connect_quietly(const CommandContext& context,
                                                     AdminClient::Need need = AdminClient::Need::look);
// A link that the admin socket told, whole: where no server runs that could tell its address, it begins with a slash.
std::string whole_link(const CommandContext& context, std::string url);
// Writes the error to standard error; the exit code.
int complain(const Error& error);

}  // namespace movio::app
