#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "accounts/group.hpp"
#include "ledger/outbox.hpp"
#include "ports/database.hpp"

// The tables of groups and their members, inside a transaction of the accounts database.
namespace movio::accounts {

// Sets what the database decides. nullopt when the name is taken.
std::optional<Group> insert_group(SqlSession& session, const Group& group);
// Not a deleted one.
std::optional<Group> find_group(SqlSession& session, GroupId id);
std::optional<Group> find_group_by_name(SqlSession& session, std::string_view name);
// By name, at most limits::kGroupsMax.
std::vector<Group> list_groups(SqlSession& session);
// By id, from the one behind `after`; what is left of deleted ones, too.
std::vector<Group> list_groups_after(SqlSession& session, const std::optional<GroupId>& after, int limit);
std::int64_t count_groups(SqlSession& session);
// Name, kind and external name.
void set_group_words(SqlSession& session, const Group& group);
std::vector<std::pair<GroupId, std::string>> externally_named_groups(SqlSession& session);
// Leaves a row without a name and without members.
void erase_group(SqlSession& session, GroupId id);

// By e-mail address.
std::vector<GroupMember> members_of(SqlSession& session, GroupId group);
std::vector<UserId> member_ids_of(SqlSession& session, GroupId group);
std::optional<GroupMember> find_member(SqlSession& session, GroupId group, UserId user);
// Those that the user is a member of by that source.
std::vector<GroupId> groups_of(SqlSession& session, UserId user, std::string_view source);
// False where it was so already; who was one by a log-in is it by hand or by the list then.
bool add_member(SqlSession& session, GroupId group, UserId user, std::string_view source);
bool remove_member(SqlSession& session, GroupId group, UserId user);

// The end of each change: raises the version and tells others of the group as it is now.
void tell_group(SqlSession& session, const ledger::Outbox& outbox, GroupId id);
// Of a user who is deleted; tells of each group.
void leave_all_groups(SqlSession& session, const ledger::Outbox& outbox, UserId user);

}  // namespace movio::accounts
