#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "access/role.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"

namespace movio::accounts {

using access::Role;

// An account. Texts are UTF-8. What is left of a deleted one has its id, its times and empty texts.
struct User {
    UserId id;
    std::string first_name;
    std::string last_name;
    std::optional<std::string> username;
    std::string email;
    std::optional<std::string> phone_number;
    std::optional<std::string> password_hash;  // never leaves this module
    Role role = Role::viewer;
    std::int64_t version = 1;
    std::int64_t not_before_us = 0;  // a full second; tokens issued in an earlier one do not count
    bool enabled = true;
    bool email_checked = true;             // has shown that the address is theirs, or need not
    std::optional<std::string> new_email;  // takes the address's place once it is checked
    std::optional<std::int64_t> deleted_us;
    std::optional<UserId> hand_over_to;  // of a deleted one: who has the films now
    std::int64_t created_us = 0;
    std::int64_t updated_us = 0;
};

// {id, first_name, last_name, username, email, email_checked, new_email, phone_number, role, has_password}, as the API
// shows users to themselves.
void write(JsonWriter& json, const User& user);

}  // namespace movio::accounts
