#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/people.hpp"
#include "accounts/user.hpp"
#include "ports/database.hpp"

// The table of users, inside a transaction of the accounts database. Texts are compared exactly unless said otherwise.
namespace movio::accounts {

// Sets what the database decides: version, times. nullopt when username or e-mail are taken.
std::optional<User> insert_user(SqlSession& session, const User& user);

// Also what is left of a deleted one.
std::optional<User> find_user(SqlSession& session, UserId id);
// The same, and nobody changes it before this transaction ends.
std::optional<User> lock_user(SqlSession& session, UserId id);

bool username_taken(SqlSession& session, std::string_view username);
bool email_taken(SqlSession& session, std::string_view email);
std::optional<User> find_by_username(SqlSession& session, std::string_view username);
// The user with exactly this address, else the only one whose address differs in case alone.
std::optional<User> find_by_email(SqlSession& session, std::string_view email);

// By id, from the one behind `after`; with the rest of deleted ones.
std::vector<User> list_users(SqlSession& session, const std::optional<UserId>& after, int limit);
// At most `limit`, those added last first.
std::vector<User> find_users(SqlSession& session, const UserQuery& query);
std::optional<User> first_admin(SqlSession& session);
// Whether some administrator can log in: is enabled and has a password.
bool has_working_admin(SqlSession& session);
// Whether this one can, and is an administrator, and nobody else is.
bool is_last_working_admin(SqlSession& session, UserId id);

// Each raises the version and gives the row as it is then; nullopt when there is no such user or they are deleted.
// Tokens issued until now stop counting with all but `set_role`, `set_phone_number`, `set_checked_email` and
// `set_enabled(true)`.
std::optional<User> set_role(SqlSession& session, UserId id, Role role);
std::optional<User> set_phone_number(SqlSession& session, UserId id, const std::optional<std::string>& number);
std::optional<User> end_log_ins(SqlSession& session, UserId id);
std::optional<User> set_password(SqlSession& session, UserId id, const std::string& hash);
// Also: the address counts as checked.
std::optional<User> remove_password(SqlSession& session, UserId id);
// Also nullopt when somebody else has the address.
std::optional<User> set_checked_email(SqlSession& session, UserId id, const std::string& email);
std::optional<User> set_enabled(SqlSession& session, UserId id, bool enabled);
// `hand_over_to`: who has the films from now on.
std::optional<User> erase_user(SqlSession& session, UserId id, const std::optional<UserId>& hand_over_to);

// What shall take the place of the address, or nothing; nobody hears of it.
void set_new_email(SqlSession& session, UserId id, const std::optional<std::string>& email);

// The same password in another form; nobody hears of it. Only where the stored one is still `old_hash`.
void replace_hash(SqlSession& session, UserId id, const std::string& old_hash, const std::string& new_hash);

}  // namespace movio::accounts
