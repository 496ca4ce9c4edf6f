#pragma once
#include <optional>
#include <string>
#include <string_view>
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
void set_group_words(SqlSession& session, GroupId id, const std::string& name, const std::string& kind);
// Leaves a row without a name and without members.
void erase_group(SqlSession& session, GroupId id);

// By e-mail address.
std::vector<GroupMember> members_of(SqlSession& session, GroupId group);
std::vector<UserId> member_ids_of(SqlSession& session, GroupId group);
std::optional<GroupMember> find_member(SqlSession& session, GroupId group, UserId user);
// False where it was so already.
bool add_member(SqlSession& session, GroupId group, UserId user);
bool remove_member(SqlSession& session, GroupId group, UserId user);

// The end of each change: raises the version and tells others of the group as it is now.
void tell_group(SqlSession& session, const ledger::Outbox& outbox, GroupId id);
// Of a user who is deleted; tells of each group.
void leave_all_groups(SqlSession& session, const ledger::Outbox& outbox, UserId user);

}  // namespace movio::accounts
