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

void add_audit(CLI::App& app, Command& command) {
    auto* audit = app.add_subcommand("audit", "Who did what to what");
    audit->require_subcommand(1);
    auto arguments = std::make_shared<AuditArguments>();
    auto* list = audit->add_subcommand("list", "What was done or refused, newest first");
    list->add_option("--actor", arguments->actor, "By whom: e-mail address, username or id");
    list->add_option("--subject", arguments->subject, "On whom or what: the same, or the id of a group or film");
    list->add_option("--action", arguments->action, "One action, such as user.role, or a kind of them, such as user");
    list->add_option("--since", arguments->since, "Not before that day or moment: 2026-11-29, 2026-11-29T10:00:00Z");
    list->add_option("--until", arguments->until, "Not after that day or moment");
    list->add_option("--limit", arguments->limit, "At most so many, 100 if not said")->check(CLI::PositiveNumber);
    list->add_flag("--json", arguments->as_json, "One JSON object a line");
    list->callback([&command, arguments] {
        command = [arguments](const CommandContext& context) { return run_audit_list(context, *arguments); };
    });
}

}  // namespace movio::app
