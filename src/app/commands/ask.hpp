#pragma once
#include <cstddef>
#include <memory>
#include <string>

#include "app/admin_client.hpp"

namespace movio::app {

// For commands that ask, print and end: only what is wrong is logged.
Result<std::unique_ptr<AdminClient>> connect_quietly(const CommandContext& context,
                                                     AdminClient::Need need = AdminClient::Need::look);
// A link that the admin socket told, whole: where no server runs that could tell its address, it begins with a slash.
std::string whole_link(const CommandContext& context, std::string url);
// The answer's items: as JSON, one a line, or as `print` writes them. How many there are.
std::size_t print_all(const JsonView& answer, bool as_json, void (*print)(const JsonView&));
// Writes the error to standard error; the exit code.
int complain(const Error& error);

}  // namespace movio::app
