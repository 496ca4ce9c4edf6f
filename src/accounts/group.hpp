#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "ports/event_bus.hpp"

namespace movio::accounts {

inline constexpr std::array<std::string_view, 3> kGroupKinds{"group", "course", "department"};

// People to whom films may be shown together.
struct Group {
    GroupId id;
    std::string name;  // no two have the same
    std::string kind = "group";
    std::int64_t version = 1;  // rises with every change, of members as well
    std::int64_t members = 0;
    std::int64_t created_us = 0;
    bool deleted = false;  // a row that is left of one
    // What it is called where people log in, who come into it by that; nullopt: nobody does.
    std::optional<std::string> external_name = {};
};

// Whose word makes somebody a member: an administrator's, that of a list, or that of a log-in (to_text(BegunBy)).
inline constexpr std::string_view kMemberByHand = "hand";
inline constexpr std::string_view kMemberByList = "list";

struct GroupMember {
    UserId user;
    std::string name;
    std::string email;
    std::int64_t added_us = 0;
    std::string source;
};

// {id, name, kind, external_name, members, created_at}
void write(JsonWriter& json, const Group& group);
// {id, name, email, added_at, source}; `id` is the user's
void write(JsonWriter& json, const GroupMember& member);

// What other services hear of a group: `group.changed` {group_id, version, name, kind, deleted, members: [user id]}.
// Whoever keeps it takes only a version that is not lower.
Event group_event(const Group& group, const std::vector<UserId>& members);

}  // namespace movio::accounts
