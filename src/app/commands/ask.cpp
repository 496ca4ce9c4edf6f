#include "app/commands/ask.hpp"

#include <iostream>

#include "app/command_line.hpp"
#include "base/log.hpp"

namespace movio::app {

Result<std::unique_ptr<AdminClient>> connect_quietly(const CommandContext& context, AdminClient::Need need) {
    configure_log(LogLevel::error, LogFormat::text);
    return AdminClient::connect(context, need);
}

std::string whole_link(const CommandContext& context, std::string url) {
    if (url.starts_with('/')) url.insert(0, "http://" + context.settings.text("server.listen"));
    return url;
}

std::size_t print_all(const JsonView& answer, bool as_json, void (*print)(const JsonView&)) {
    const auto items = answer.find("items");
    const std::size_t count = items ? items->size() : 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (as_json)
            std::cout << items->at(i).serialize() << '\n';
        else
            print(items->at(i));
    }
    return count;
}

int complain(const Error& error) {
    std::cerr << "movio: " << error.message << '\n';
    return kExitFailure;
}

}  // namespace movio::app
