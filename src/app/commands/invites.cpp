#include <iostream>

#include <fmt/format.h>

#include "app/command_line.hpp"
#include "app/commands/ask.hpp"
#include "base/percent_encode.hpp"

namespace movio::app {
namespace {

void print_invite(const JsonView& invite) {
    const auto email = invite.text_or("email", "");
    std::cout << fmt::format("{}  {:<9}  until {}  {}\n", invite.text_or("id", ""), invite.text_or("role", ""),
                             invite.text_or("expires_at", ""), email.empty() ? "for anybody" : email);
}

}  // namespace

int run_user_invite(const CommandContext& context, const InviteArguments& arguments) {
    JsonWriter json;
    json.begin_object().member("role", arguments.role).member("days", arguments.days);
    if (!arguments.email.empty()) json.member("email", arguments.email);
    json.end_object();
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto made = (*client)->post("/admin/invites", json.take());
    if (!made) return complain(made.error());
    if (const auto invite = made->find("invite")) print_invite(*invite);
    std::cout << whole_link(context, made->text_or("url", "")) << '\n';
    return kExitDone;
}

int run_user_invites(const CommandContext& context, bool as_json) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->get("/admin/invites");
    if (!answer) return complain(answer.error());
    print_all(*answer, as_json, &print_invite);
    return kExitDone;
}

int run_user_uninvite(const CommandContext& context, const std::string& id) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->post(fmt::format("/admin/invites/{}/revoke", percent_encode(id)));
    if (!answer) return complain(answer.error());
    std::cout << fmt::format("Invitation {} does not count any more.\n", id);
    return kExitDone;
}

}  // namespace movio::app
