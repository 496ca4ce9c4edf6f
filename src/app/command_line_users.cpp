#include "app/command_line_users.hpp"

#include <memory>
#include <string>

namespace movio::app {

void add_user_delete(CLI::App& user, Command& command) {
    auto who = std::make_shared<std::string>();
    auto heir = std::make_shared<std::string>();
    auto* erase = user.add_subcommand("delete", "Delete a user; the films go to the trash, or to somebody else");
    erase->add_option("user", *who, "E-mail address or username")->required();
    erase->add_option("--hand-over-to", *heir, "E-mail address of who has the films from now on");
    erase->callback([&command, who, heir] {
        command = [who, heir](const CommandContext& context) { return run_user_delete(context, *who, *heir); };
    });
}

}  // namespace movio::app
