#include <algorithm>
#include <iostream>

#include <fmt/format.h>

#include "app/command_line.hpp"
#include "app/commands/ask.hpp"
#include "base/percent_encode.hpp"

namespace movio::app {
namespace {

constexpr std::int64_t kPageMax = 100;

// "2026-11-29T10:00:00.000Z  done     ada@example.org (192.0.2.7)  user.role  eve@example.org  {"role":"admin"}"
void print_entry(const JsonView& entry) {
    auto who = entry.text_or("actor_email", entry.text_or("actor_id", entry.text_or("actor_kind", "")));
    if (const auto address = entry.text_or("address", ""); !address.empty()) who += fmt::format(" ({})", address);
    const auto detail = entry.find("detail");
    std::cout << fmt::format("{}  {:<7}  {}  {}", entry.text_or("at", ""), entry.text_or("outcome", ""), who,
                             entry.text_or("action", ""));
    if (const auto subject = entry.text_or("subject_email", entry.text_or("subject_id", "")); !subject.empty())
        std::cout << "  " << subject;
    if (detail && detail->size() > 0) std::cout << "  " << detail->serialize();
    std::cout << '\n';
}

std::string target_of(const AuditArguments& arguments, std::int64_t limit, const std::string& cursor) {
    auto target = fmt::format("/admin/audit?limit={}", limit);
    const auto add = [&target](std::string_view name, const std::string& value) {
        if (!value.empty()) target += fmt::format("&{}={}", name, percent_encode(value));
    };
    add("actor", arguments.actor);
    add("subject", arguments.subject);
    add("action", arguments.action);
    add("from", arguments.since);
    add("to", arguments.until);
    add("cursor", cursor);
    return target;
}

}  // namespace

int run_audit_list(const CommandContext& context, const AuditArguments& arguments) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    std::string cursor;
    for (std::int64_t left = arguments.limit; left > 0;) {
        const auto page = (*client)->get(target_of(arguments, std::min(left, kPageMax), cursor));
        if (!page) return complain(page.error());
        left -= static_cast<std::int64_t>(print_all(*page, arguments.as_json, &print_entry));
        cursor = page->text_or("next", "");
        if (cursor.empty()) break;
    }
    return kExitDone;
}

}  // namespace movio::app
