#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "accounts/user.hpp"

namespace movio::accounts {

using InviteId = Id<struct InviteTag>;

// What its holder may do once: make an account in that role.
struct Invite {
    InviteId id;
    Role role = Role::viewer;
    std::optional<std::string> email;  // the only address it counts for; nullopt: any
    // Of the link that the server prints at its start: it counts as long as no administrator can log in.
    bool first_admin = false;
    std::optional<UserId> invited_by;  // nullopt: the owner of the data folder
    std::int64_t created_us = 0;
    std::int64_t expires_us = 0;
};

// {id, role, email, first_admin, created_at, expires_at}
void write(JsonWriter& json, const Invite& invite);

}  // namespace movio::accounts
