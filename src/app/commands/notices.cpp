#include <iostream>

#include <fmt/format.h>

#include "app/command_line.hpp"
#include "app/commands/ask.hpp"
#include "base/percent_encode.hpp"

namespace movio::app {
namespace {

void print_notice(const JsonView& notice) {
    std::cout << fmt::format("{}  {:<14}  until {}  {}\n", notice.text_or("id", ""), notice.text_or("kind", ""),
                             notice.text_or("expires_at", ""), notice.text_or("to", ""));
}

}  // namespace

int run_notices_list(const CommandContext& context, bool as_json) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->get("/admin/notices");
    if (!answer) return complain(answer.error());
    print_all(*answer, as_json, &print_notice);
    return kExitDone;
}

int run_notices_show(const CommandContext& context, const std::string& id) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto notice = (*client)->get("/admin/notices/" + percent_encode(id));
    if (!notice) return complain(notice.error());
    print_notice(*notice);
    const auto fields = notice->find("fields");
    for (std::size_t i = 0; fields && i < fields->size(); ++i)
        std::cout << fmt::format("{}: {}\n", fields->name_at(i), fields->at(i).text().value_or(""));
    return kExitDone;
}

}  // namespace movio::app
