#pragma once
#include <chrono>
#include <string>

#include "accounts/link_sender.hpp"
#include "accounts/password_worker.hpp"
#include "audit/entry.hpp"
#include "ledger/outbox.hpp"
#include "ports/rate_limiter.hpp"

namespace movio::accounts {

// Whether people's addresses are theirs: a link is sent to the address, and whoever opens it has shown it. Thread-safe;
// references outlive it.
class EmailChecks {
public:
    EmailChecks(Database& database, const ledger::Outbox& outbox, PasswordWorker& passwords, const LinkSender& links,
                RateLimiter& limiter)
        : database_(database), outbox_(outbox), passwords_(passwords), links_(links), limiter_(limiter) {}

    // Sends the link again; the one before ends. `conflict` where nothing is to be checked. Zero: it is sent, else how
    // long to wait until one may be sent again.
    Awaitable<Result<std::chrono::microseconds>> send_again(UserId id);
    // The new address takes the old one's place once the link that is sent to it is opened. One's own address takes
    // back what was asked for. `forbidden` for a wrong password, `invalid` for what is no address, `conflict` for
    // somebody else's. Else as `send_again`.
    Awaitable<Result<std::chrono::microseconds>> change(UserId id, std::string email, std::string password,
                                                        audit::Actor by = {});
    // `not_found` when the link does not count (any more), `conflict` when somebody else has the address by now.
    Awaitable<Result<User>> confirm(std::string token, audit::Actor by = {});

private:
    Awaitable<std::chrono::microseconds> wait_for(UserId id);

    Database& database_;
    const ledger::Outbox& outbox_;
    PasswordWorker& passwords_;
    const LinkSender& links_;
    RateLimiter& limiter_;
};

}  // namespace movio::accounts
