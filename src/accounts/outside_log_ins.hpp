#pragma once
#include <expected>

#include "accounts/account_service.hpp"
#include "accounts/outside_person.hpp"
#include "accounts/outside_trail.hpp"

namespace movio::accounts {

struct OutsideLogInOptions {
    OutsideUsers users = OutsideUsers::by_sign_up;
    SignUpPolicy signup = {};
    // False: whoever signed up by themselves was believed whatever address they gave.
    bool emails_are_checked = false;
};

// Lets people in by the word of others: OpenID providers and proxies in front, which have found out who it is. Who is
// known there by issuer and subject is the same user as last time; else the one who has the address, if the issuer has
// seen that it is theirs; else a new one, where that is allowed. Thread-safe; references outlive it.
class OutsideLogIns {
public:
    OutsideLogIns(Database& database, ledger::Outbox& outbox, const Sessions& sessions, OutsideLogInOptions options)
        : database_(database), outbox_(outbox), sessions_(sessions), options_(std::move(options)) {}

    // Begins a session as a password does. Sets the role where what the issuer grants is another than last time (then
    // none is the one of new users), but takes it from no last administrator; and the memberships that come from there.
    // Where an account is found by an address that its owner may have claimed without having it, whoever has it now is
    // the one who is here: its password, its log-ins and its tokens end. All of it is in the audit trail, refusals too.
    Awaitable<std::expected<LoggedIn, OutsideRefusal>> log_in(OutsidePerson person, SessionWish wish);

private:
    std::expected<User, OutsideRefusal> find_or_make(SqlSession& session, const OutsidePerson& person,
                                                     const OutsideTrail& trail) const;
    std::expected<User, OutsideRefusal> make(SqlSession& session, const OutsidePerson& person,
                                             const OutsideTrail& trail) const;
    User link(SqlSession& session, const OutsidePerson& person, User user, const OutsideTrail& trail) const;
    User grant(SqlSession& session, const OutsidePerson& person, User user, const OutsideTrail& trail) const;
    bool may_be_made(const OutsidePerson& person) const;

    Database& database_;
    ledger::Outbox& outbox_;
    const Sessions& sessions_;
    OutsideLogInOptions options_;
};

}  // namespace movio::accounts
