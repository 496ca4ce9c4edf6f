#include <iostream>

#include <fmt/format.h>

#include "app/command_line.hpp"
#include "app/commands/ask.hpp"
#include "base/percent_encode.hpp"

namespace movio::app {
namespace {

void print_token(const JsonView& token) {
    std::string scopes;
    const auto list = token.find("scopes");
    for (std::size_t i = 0; list && i < list->size(); ++i) {
        if (i > 0) scopes += ',';
        scopes += list->at(i).text().value_or("");
    }
    const auto until = token.text_or("expires_at", "");
    std::cout << fmt::format("{}  {:<18}  {}  {}\n", token.text_or("id", ""), scopes,
                             until.empty() ? "for ever" : "until " + until, token.text_or("name", ""));
}

}  // namespace

int run_token_create(const CommandContext& context, const TokenArguments& arguments) {
    JsonWriter json;
    json.begin_object().member("name", arguments.name).member("scopes", arguments.scopes);
    if (arguments.days != 0) json.member("days", arguments.days);
    json.end_object();
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto made =
        (*client)->post(fmt::format("/admin/users/{}/tokens", percent_encode(arguments.user)), json.take());
    if (!made) return complain(made.error());
    if (const auto token = made->find("api_token")) print_token(*token);
    std::cout << made->text_or("token", "") << '\n';
    return kExitDone;
}

int run_token_list(const CommandContext& context, const std::string& user, bool as_json) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->get(fmt::format("/admin/users/{}/tokens", percent_encode(user)));
    if (!answer) return complain(answer.error());
    print_all(*answer, as_json, &print_token);
    return kExitDone;
}

int run_token_revoke(const CommandContext& context, const std::string& id) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->post(fmt::format("/admin/tokens/{}/revoke", percent_encode(id)));
    if (!answer) return complain(answer.error());
    std::cout << fmt::format("Token {} does not count any more.\n", id);
    return kExitDone;
}

}  // namespace movio::app
