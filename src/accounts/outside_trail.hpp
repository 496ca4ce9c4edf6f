#pragma once
#include <string>

#include "accounts/outside_person.hpp"
#include "audit/entry.hpp"

namespace movio::accounts {

// What one log-in by the word of others leaves in the audit trail, in its transaction. The log-in itself is the user's;
// what follows from the word is done by the system. Must not outlive what it is made of.
class OutsideTrail {
public:
    OutsideTrail(SqlSession& session, const OutsidePerson& person, std::string address)
        : session_(session), person_(person), address_(std::move(address)) {}

    void made(const User& user) const;
    // An account that was there is theirs by its address; `claimed`: the password and log-ins that it had are ended.
    void linked(const User& user, bool claimed) const;
    void role_set(const User& user) const;
    void let_in(const User& user) const;
    // Of whom is said where they are known here.
    void refused(OutsideRefusal why) const;

    audit::Actor by_system() const { return {.kind = audit::ActorKind::system, .user = {}, .address = address_}; }

private:
    SqlSession& session_;
    const OutsidePerson& person_;
    std::string address_;
};

}  // namespace movio::accounts
