#include <iostream>

#include <fmt/format.h>

#include "app/command_line.hpp"
#include "app/commands/ask.hpp"
#include "base/percent_encode.hpp"
#include "catalog/quotas.hpp"

namespace movio::app {
namespace {

void print_quota(const JsonView& quota) {
    for (const auto kind : catalog::kQuotaKinds) {
        const auto one = quota.find(to_text(kind));
        if (!one) continue;
        const auto limit = one->integer_or("limit", catalog::kNoLimit);
        std::cout << fmt::format("{:<16} {} of {}\n", to_text(kind), one->integer_or("used", 0),
                                 limit == catalog::kNoLimit ? "no limit" : fmt::format("{}", limit));
    }
}

}  // namespace

int run_user_quota(const CommandContext& context, const QuotaArguments& arguments) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto target = fmt::format("/admin/users/{}/quota", percent_encode(arguments.user));
    JsonWriter json;
    json.begin_object();
    for (const auto& [kind, value] : arguments.changes) json.member(kind, value);
    json.end_object();
    const auto answer = arguments.changes.empty() ? (*client)->get(target) : (*client)->post(target, json.take());
    if (!answer) return complain(answer.error());
    print_quota(*answer);
    return kExitDone;
}

}  // namespace movio::app
