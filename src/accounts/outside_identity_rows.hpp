#pragma once
#include <optional>
#include <string>

#include "accounts/outside_person.hpp"
#include "ports/database.hpp"

// The table of who somebody is elsewhere, inside a transaction of the accounts database.
namespace movio::accounts {

struct OutsideIdentity {
    UserId user;
    std::optional<Role> role;  // what was granted at the last log-in
};

std::optional<OutsideIdentity> find_outside_identity(SqlSession& session, const std::string& issuer,
                                                     const std::string& subject);
// Whether the user is somebody there already.
bool has_outside_identity(SqlSession& session, UserId user, const std::string& issuer);
void insert_outside_identity(SqlSession& session, const OutsidePerson& person, UserId user);
// Notes a log-in, and what it granted.
void use_outside_identity(SqlSession& session, const OutsidePerson& person, const std::optional<Role>& role);
// Of a user who is deleted.
void remove_outside_identities(SqlSession& session, UserId user);

}  // namespace movio::accounts
