#include <iostream>

#include <fmt/format.h>

#include "app/command_line.hpp"
#include "app/commands/ask.hpp"

namespace movio::app {

int run_search_rebuild(const CommandContext& context) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->post("/admin/search/rebuild");
    if (!answer) return complain(answer.error());
    std::cout << fmt::format("{} films are in the index, {} that were gone are out of it.\n",
                             answer->integer_or("films", 0), answer->integer_or("removed", 0));
    return kExitDone;
}

}  // namespace movio::app
