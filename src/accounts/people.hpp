#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accounts/user.hpp"
#include "ports/database.hpp"

namespace movio::accounts {

enum class UserState { enabled, disabled, deleted };

std::string_view to_text(UserState state);
std::optional<UserState> user_state_from_text(std::string_view text);
UserState state_of(const User& user);

struct UserQuery {
    std::string text = {};  // part of name or address, in any case; empty: of anybody
    std::optional<Role> role = {};
    std::optional<UserState> state = {};  // nullopt: all but deleted ones
    std::optional<UserId> after = {};     // `next` of the page before
    int limit = 50;
};

// A user, as administrators see them.
struct ListedUser {
    User user;
    std::optional<std::int64_t> seen_us;  // the last use of a log-in at the page or in an app that is remembered
};

// {id, first_name, last_name, username, email, email_checked, role, state, created_at, seen_at}
void write(JsonWriter& json, const ListedUser& listed);

struct UserPage {
    std::vector<ListedUser> items;  // those added last first
    std::optional<UserId> next;
};

// The users, for whoever looks through them. Thread-safe; the database outlives it.
class People {
public:
    explicit People(Database& database) : database_(database) {}

    Awaitable<UserPage> list(UserQuery query);
    // Also what is left of a deleted one.
    Awaitable<std::optional<ListedUser>> find(UserId id);

private:
    Database& database_;
};

}  // namespace movio::accounts
