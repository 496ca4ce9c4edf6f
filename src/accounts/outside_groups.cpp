#include "accounts/outside_groups.hpp"

#include <set>

#include "accounts/group_rows.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace movio::accounts {
namespace {

std::set<GroupId> groups_named(SqlSession& session, const std::vector<std::string>& names) {
    const std::set<std::string> wanted(names.begin(), names.end());
    std::set<GroupId> groups;
    for (const auto& [id, name] : externally_named_groups(session))
        if (wanted.contains(name)) groups.insert(id);
    return groups;
}

void record(SqlSession& session, const audit::Actor& by, std::string action, GroupId group, UserId user) {
    JsonWriter detail;
    detail.begin_object().member("user", user.text()).end_object();
    audit::record(session, {.by = by, .action = std::move(action), .subject = group.text(), .detail = detail.take()});
}

}  // namespace

void put_outside_groups(SqlSession& session, const ledger::Outbox& outbox, UserId user, BegunBy source,
                        const std::vector<std::string>& names, const audit::Actor& by) {
    const auto word = to_text(source);
    const auto wanted = groups_named(session, names);
    for (const auto& group : groups_of(session, user, word)) {
        if (wanted.contains(group)) continue;
        remove_member(session, group, user);
        tell_group(session, outbox, group);
        record(session, by, "group.member_removed", group, user);
    }
    for (const auto& id : wanted) {
        if (find_member(session, id, user)) continue;
        if (find_group(session, id).value().members >= limits::kGroupMembersMax) {
            log_warn("a group is full, so somebody whom a log-in brings is no member",
                     {{"group_id", id.text()}, {"user_id", user.text()}});
            continue;
        }
        add_member(session, id, user, word);
        tell_group(session, outbox, id);
        record(session, by, "group.member_added", id, user);
    }
}

}  // namespace movio::accounts
