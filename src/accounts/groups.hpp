#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accounts/group.hpp"
#include "audit/entry.hpp"
#include "base/result.hpp"
#include "ledger/outbox.hpp"
#include "ports/database.hpp"

namespace movio::accounts {

// What a list of people made of a group.
struct MembersPut {
    std::int64_t members = 0;
    std::int64_t added = 0;
    std::int64_t removed = 0;
};

struct GroupChange {
    std::optional<std::string> name = {};
    std::optional<std::string> kind = {};
    std::optional<std::string> external_name = {};  // empty: none from now on
};

// The groups and who is in them. Each change tells others of the whole group (group_event) in the same transaction, so
// that any event, in whatever order, makes a copy of it right. Unknown groups are `not_found`. Thread-safe; references
// outlive it.
class Groups {
public:
    Groups(Database& database, ledger::Outbox& outbox) : database_(database), outbox_(outbox) {}

    // `invalid` for an empty or too long name and an unknown kind, `conflict` for a name that another one has, and
    // where there are limits::kGroupsMax. An empty external name is none.
    Awaitable<Result<Group>> make(std::string name, std::string kind, std::string external_name = {},
                                  audit::Actor by = {});
    // What is not given stays.
    Awaitable<Result<Group>> change(GroupId id, GroupChange change, audit::Actor by = {});
    Awaitable<Result<void>> remove(GroupId id, audit::Actor by = {});
    // By name.
    Awaitable<std::vector<Group>> list();
    // By id or name, as a person at a command line names it.
    Awaitable<Result<Group>> find_named(std::string name);

    // By e-mail address; at most limits::kGroupMembersMax.
    Awaitable<Result<std::vector<GroupMember>>> members(GroupId id);
    // Named by e-mail address in any case: `invalid` where nobody here has it, `conflict` where the group is full. Who
    // is a member already stays one.
    Awaitable<Result<GroupMember>> add_member(GroupId id, std::string email, audit::Actor by = {});
    // `not_found` also for who is no member.
    Awaitable<Result<void>> remove_member(GroupId id, UserId user, audit::Actor by = {});
    // The members are those of this list (see member_list.hpp) and nobody else. Where it cannot be read or names
    // somebody who is not here, it is `invalid`, the message names them, and nothing is changed.
    Awaitable<Result<MembersPut>> put_members(GroupId id, std::string csv, audit::Actor by = {});

    // Tells others of every group again, as it is now and without a new version.
    Awaitable<void> resync();

private:
    Database& database_;
    ledger::Outbox& outbox_;
};

}  // namespace movio::accounts
