#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/key_ring.hpp"
#include "accounts/session.hpp"
#include "accounts/tokens.hpp"
#include "accounts/user.hpp"
#include "audit/entry.hpp"
#include "ledger/outbox.hpp"
#include "ports/database.hpp"

namespace movio::accounts {

struct SessionOptions {
    std::int64_t access_lifetime_s = 15LL * 60;  // of an app's access token
    std::int64_t lifetime_s = 30LL * 24 * 3600;  // of a cookie, and of an app's refresh token that nobody uses
};

struct SessionTokens {
    Session session;
    Tokens tokens;  // of a page: no refresh token, and an access token that lives as long as the session
};

// The log-ins that can be listed and ended one by one (those of v1 cannot). An app's access token is short; its refresh
// token is used once and gives the next. One that comes again is taken for stolen, and the session ends, unless the
// same client sends it within limits::kRefreshGrace: then it gets the very token that it got before, which is made of
// the old one and a salt, since hashes alone are kept. Thread-safe; references outlive it.
class Sessions {
public:
    Sessions(Database& database, ledger::Outbox& outbox, const access::KeyRing& keys, SessionOptions options)
        : database_(database), outbox_(outbox), keys_(keys), options_(options) {}

    // In the transaction that has looked at the account. Of one user's sessions beyond limits::kSessionsPerUserMax,
    // those that were unused for longest end.
    SessionTokens begin(SqlSession& session, const User& user, SessionWish wish) const;
    // nullopt: unknown, ended, run out, used before, or its user is disabled.
    Awaitable<std::optional<SessionTokens>> refresh(std::string token, SessionWish from);
    // The last used first.
    Awaitable<std::vector<Session>> list(UserId user);
    // False when it is not open or somebody else's.
    Awaitable<bool> end(UserId user, SessionId id, audit::Actor by = {});
    // Notes that it is used, at most once in limits::kSessionTouchedEvery. The session as it was; nullopt when it is
    // not open.
    Awaitable<std::optional<Session>> touch(SessionId id, std::string address);
    // Forgets what ended long ago.
    Awaitable<void> clean_up();

    std::int64_t lifetime_s() const { return options_.lifetime_s; }

private:
    Tokens tokens_of(SqlSession& session, const User& user, const Session& row) const;

    Database& database_;
    ledger::Outbox& outbox_;
    const access::KeyRing& keys_;
    SessionOptions options_;
};

}  // namespace movio::accounts
