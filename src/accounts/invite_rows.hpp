#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accounts/invite.hpp"
#include "ports/database.hpp"

// The table of invites, inside a transaction of the accounts database. An invite is open until it is used or runs out;
// a first administrator's also ends when some administrator can log in.
namespace movio::accounts {

// Sets the time it is made.
Invite insert_invite(SqlSession& session, const Invite& invite, const std::string& token_hash);
std::optional<Invite> find_open_invite(SqlSession& session, const std::string& token_hash);
// Newest first, without a first administrator's.
std::vector<Invite> list_open_invites(SqlSession& session, int limit);
std::int64_t count_open_invites(SqlSession& session);
// False when it is not open (any more).
bool use_invite(SqlSession& session, const std::string& token_hash, UserId by);
// Undoes `use_invite` in the transaction of it.
void reopen_invite(SqlSession& session, const std::string& token_hash, UserId by);
// False when there is no such open invite.
bool remove_open_invite(SqlSession& session, InviteId id);

// Of first administrators; also open ones.
void remove_first_admin_invites(SqlSession& session);
// What ended before that time.
void remove_ended_invites(SqlSession& session, std::int64_t before_us);

}  // namespace movio::accounts
