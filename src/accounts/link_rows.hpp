#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "accounts/link.hpp"
#include "ports/database.hpp"

// The table of links that were sent, inside a transaction of the accounts database. A link is open until it runs out,
// a newer one of its purpose takes its place, or what it is for is over: for a new password, when its user's address
// changes or their log-ins end, by a new password, too; for a check, when the address is checked or another one is to
// be.
namespace movio::accounts {

// The link as it counts now, for `life` from now; nullopt when one that was asked for later is there.
std::optional<Link> put_link(SqlSession& session, Link link, const std::string& token_hash, std::chrono::seconds life);
// Of enabled users alone.
std::optional<Link> find_open_link(SqlSession& session, LinkPurpose purpose, const std::string& token_hash);
void remove_link(SqlSession& session, UserId user, LinkPurpose purpose);
void remove_links(SqlSession& session, UserId user);
// Those that ran out.
void remove_ended_links(SqlSession& session);

}  // namespace movio::accounts
