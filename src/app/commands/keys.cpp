#include <iostream>

#include <fmt/format.h>

#include "app/command_line.hpp"
#include "app/commands/ask.hpp"

namespace movio::app {

int run_keys_rotate(const CommandContext& context) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->post("/admin/keys/rotate");
    if (!answer) return complain(answer.error());
    std::cout << fmt::format("New tokens are signed by the key {}; tokens of the {} older ones count until they end.\n",
                             answer->text_or("key", ""), answer->integer_or("older", 0));
    return kExitDone;
}

int run_keys_rotate_media(const CommandContext& context) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->post("/admin/media-keys/rotate");
    if (!answer) return complain(answer.error());
    std::cout << fmt::format(
        "New media addresses are signed by the key {}; those of the {} older ones count until they end.\n",
        answer->text_or("key", ""), answer->integer_or("older", 0));
    return kExitDone;
}

int run_keys_nginx(const CommandContext& context) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->get("/admin/media-keys/nginx");
    if (!answer) return complain(answer.error());
    std::cout << answer->text_or("rules", "");
    return kExitDone;
}

}  // namespace movio::app
