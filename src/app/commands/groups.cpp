#include <fstream>
#include <iostream>
#include <sstream>

#include <fmt/format.h>

#include "app/command_line.hpp"
#include "app/commands/ask.hpp"
#include "base/limits.hpp"
#include "base/percent_encode.hpp"
#include "base/utf8.hpp"

namespace movio::app {
namespace {

void print_group(const JsonView& group) {
    const auto external = group.text_or("external_name", "");
    std::cout << fmt::format("{}  {:<10}  {:>4} members  {}{}\n", group.text_or("id", ""), group.text_or("kind", ""),
                             group.integer_or("members", 0), group.text_or("name", ""),
                             external.empty() ? "" : fmt::format("  (external: {})", external));
}

void print_member(const JsonView& member) {
    std::cout << fmt::format("{}  {:<6}  {}  {}\n", member.text_or("id", ""), member.text_or("source", ""),
                             member.text_or("email", ""), member.text_or("name", ""));
}

std::string address_of(const std::string& group, std::string_view action) {
    return fmt::format("/admin/groups/{}/{}", percent_encode(group), action);
}

Result<std::string> text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::stringstream content;
    if (!in || !(content << in.rdbuf()))
        return fail(ErrorCode::invalid, fmt::format("cannot read '{}'", file.string()));
    // Half of it, since it grows on its way.
    if (content.view().size() > limits::kJsonBodyBytesMax / 2)
        return fail(ErrorCode::too_large,
                    fmt::format("'{}' is too large for a list of {} people", file.string(), limits::kGroupMembersMax));
    return to_valid_utf8(content.view());
}

// Takes each of them in or out; the first that fails ends it.
Result<void> move_members(AdminClient& client, const std::string& group, std::string_view action,
                          const std::vector<std::string>& emails) {
    for (const auto& email : emails) {
        JsonWriter json;
        json.begin_object().member("email", email).end_object();
        const auto moved = client.post(address_of(group, action), json.take());
        if (!moved) return std::unexpected(moved.error());
    }
    return {};
}

}  // namespace

int run_group_add(const CommandContext& context, const std::string& name, const std::string& kind) {
    JsonWriter json;
    json.begin_object().member("name", name).member("kind", kind).end_object();
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto made = (*client)->post("/admin/groups", json.take());
    if (!made) return complain(made.error());
    print_group(*made);
    return kExitDone;
}

int run_group_set(const CommandContext& context, const GroupArguments& arguments) {
    JsonWriter json;
    json.begin_object();
    for (const auto& [member, value] : arguments.changes) json.member(member, value);
    json.end_object();
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto changed = (*client)->post(address_of(arguments.group, "change"), json.take());
    if (!changed) return complain(changed.error());
    print_group(*changed);
    return kExitDone;
}

int run_group_delete(const CommandContext& context, const std::string& group) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->post(address_of(group, "delete"));
    if (!answer) return complain(answer.error());
    std::cout << fmt::format("Group {} is deleted; films that were for it alone are seen by their owners alone.\n",
                             answer->text_or("name", group));
    return kExitDone;
}

int run_group_list(const CommandContext& context, bool as_json) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->get("/admin/groups");
    if (!answer) return complain(answer.error());
    print_all(*answer, as_json, &print_group);
    return kExitDone;
}

int run_group_members(const CommandContext& context, const MembersArguments& arguments) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    if (const auto added = move_members(**client, arguments.group, "members", arguments.add); !added)
        return complain(added.error());
    if (const auto removed = move_members(**client, arguments.group, "remove-member", arguments.remove); !removed)
        return complain(removed.error());
    const auto answer = (*client)->get(address_of(arguments.group, "members"));
    if (!answer) return complain(answer.error());
    print_all(*answer, arguments.as_json, &print_member);
    return kExitDone;
}

int run_group_import(const CommandContext& context, const std::string& group, const std::filesystem::path& file) {
    const auto csv = text_of(file);
    if (!csv) return complain(csv.error());
    JsonWriter json;
    json.begin_object().member("csv", *csv).end_object();
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto put = (*client)->post(address_of(group, "import"), json.take());
    if (!put) return complain(put.error());
    std::cout << fmt::format("Group {} has {} members: {} came, {} went.\n", put->text_or("name", group),
                             put->integer_or("members", 0), put->integer_or("added", 0), put->integer_or("removed", 0));
    return kExitDone;
}

}  // namespace movio::app
