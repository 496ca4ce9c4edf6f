#include "accounts/outside_groups.hpp"

#include <set>

#include "accounts/group_rows.hpp"
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

}  // namespace

void put_outside_groups(SqlSession& session, const ledger::Outbox& outbox, UserId user, BegunBy source,
                        const std::vector<std::string>& names) {
    const auto word = to_text(source);
    const auto wanted = groups_named(session, names);
    for (const auto& group : groups_of(session, user, word)) {
        if (wanted.contains(group)) continue;
        remove_member(session, group, user);
        tell_group(session, outbox, group);
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
    }
}

}  // namespace movio::accounts
