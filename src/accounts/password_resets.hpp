#pragma once
#include <chrono>
#include <string>

#include "accounts/account_service.hpp"
#include "accounts/link_sender.hpp"
#include "ports/rate_limiter.hpp"

namespace movio::accounts {

// New passwords for people who have lost theirs, by a link that is sent to their address: it counts once, for
// limits::kPasswordResetLife, until another one is asked for, the address changes or all log-ins end. Thread-safe;
// references outlive it.
class PasswordResets {
public:
    PasswordResets(Database& database, AccountService& accounts, const LinkSender& links, RateLimiter& limiter)
        : database_(database), accounts_(accounts), links_(links), limiter_(limiter) {}

    // Zero: whoever has the address, if anybody, is sent a link unless they were sent some just now. Else how long to
    // wait: too much was asked for from that network, or is still to be sent. Nothing of it, and no time that it takes,
    // tells whether somebody has the address. Nobody without a password gets one this way.
    Awaitable<std::chrono::microseconds> ask(std::string email, std::string network, audit::Actor by = {});
    // For administrators, who hand it on; also for who has no password yet. `not_found` for unknown and deleted users,
    // `conflict` for disabled ones.
    Awaitable<Result<NewLink>> make(UserId id, audit::Actor by = {});
    // Sets the password, by which all log-ins end. `not_found` when the link does not count (any more), `invalid` for a
    // password that nobody may have.
    Awaitable<Result<void>> confirm(std::string token, std::string password, audit::Actor by = {});
    // Forgets links that ran out.
    Awaitable<void> clean_up();

private:
    Database& database_;
    AccountService& accounts_;
    const LinkSender& links_;
    RateLimiter& limiter_;
};

}  // namespace movio::accounts
