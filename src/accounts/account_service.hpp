#pragma once
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/key_ring.hpp"
#include "accounts/link_sender.hpp"
#include "accounts/log_in_throttle.hpp"
#include "accounts/password_worker.hpp"
#include "accounts/sessions.hpp"
#include "accounts/sign_up.hpp"
#include "accounts/sign_up_policy.hpp"
#include "accounts/tokens.hpp"
#include "accounts/user.hpp"
#include "audit/entry.hpp"
#include "base/result.hpp"
#include "ledger/outbox.hpp"
#include "ports/database.hpp"

namespace movio::accounts {

// Of the administrator who is made where there is none.
inline constexpr std::string_view kFirstAdminEmail = "admin@localhost";

struct AccountOptions {
    std::int64_t token_lifetime_s = 30LL * 24 * 3600;
    SignUpPolicy signup = {};
    SessionOptions sessions = {};
    // By it the addresses of those are checked who sign up; without it they are believed as they are given.
    const LinkSender* email_checks = nullptr;
};

struct LoggedIn {
    User user;
    Tokens tokens;
    std::optional<Session> session;  // of all but v1's
};

// Why there is no log-in: something was wrong, or, where `wait` is not zero, too much was wrong lately to look at it.
struct LogInRefusal {
    std::chrono::microseconds wait{0};
};

// Why there is no new account.
struct SignUpRefusal {
    FieldErrors errors;
    bool taken = false;        // nothing else is wrong than that name or address belong to somebody
    bool not_allowed = false;  // whatever the fields hold: not by this policy, not by this invitation
};

// Why an owner's account was not erased: `log_in` where the password was wrong or may not be looked at yet, else what
// `error` says.
struct LeaveRefusal {
    std::optional<LogInRefusal> log_in = {};
    Error error = {};
};

// The accounts and everything that changes them. Each change of what others know appends its event to the outbox in the
// same transaction, with the next version. Disabling, deleting and a change of password end all tokens issued until
// then: the user's not-before becomes the next full second, and later tokens are issued from there (see tokens.hpp).
// Each change, and each log-in whether it is let in or not, is in the audit trail as done by `by`, log-ins by whoever
// they are of. Thread-safe; references outlive the service. Throws PoolFull when too many passwords are waiting (503).
class AccountService {
public:
    AccountService(Database& database, ledger::Outbox& outbox, PasswordWorker& passwords, const access::KeyRing& keys,
                   AccountOptions options = {})
        : database_(database),
          outbox_(outbox),
          passwords_(passwords),
          keys_(keys),
          options_(std::move(options)),
          sessions_(database, outbox, keys, options_.sessions) {}

    // For what people fill in, where the policy allows it or the token of an invitation is given, which is used up by
    // it: logged in at once. Without a wish for a session the log-in is v1's.
    Awaitable<std::expected<LoggedIn, SignUpRefusal>> sign_up(SignUpForm form, std::optional<std::string> invite = {},
                                                              std::optional<SessionWish> wish = {},
                                                              audit::Actor by = {});
    // For administrators: any role, perhaps without a password, and then without log-in.
    Awaitable<std::expected<User, SignUpRefusal>> add(SignUpForm form, Role role, audit::Actor by = {});

    // Refused without a wait for whatever is wrong: unknown, ambiguous, disabled, without password, another password.
    // All of these cost the same. The credential is an e-mail address (in any case, where that is unambiguous) or a
    // user name. `network` is where it comes from, by which guessing is slowed down (see log_in_throttle.hpp); empty:
    // it is not.
    Awaitable<std::expected<LoggedIn, LogInRefusal>> log_in(std::string credential, std::string password,
                                                            std::string network = {},
                                                            std::optional<SessionWish> wish = {}, audit::Actor by = {});
    Awaitable<std::expected<LoggedIn, LogInRefusal>> log_in_by_email(std::string email, std::string password,
                                                                     std::string network = {}, audit::Actor by = {});

    Awaitable<std::optional<User>> find(UserId id);
    // By id, e-mail address or user name, as a person at a command line names them; not deleted ones.
    Awaitable<Result<User>> find_named(std::string name);
    // By id, from the one behind `after`; those left of deleted ones, too.
    Awaitable<std::vector<User>> list(std::optional<UserId> after, int limit);
    // The oldest administrator, who owns what commands add; made, without a password, where there is none. nullopt when
    // the address for it, kFirstAdminEmail, is that of a user who is none.
    Awaitable<std::optional<User>> ensure_admin();

    // `not_found` for unknown and deleted users, and where `allowed` says no, which is asked in the transaction;
    // `invalid` for a password that nobody may have. All log-ins until now end, and links that were sent with them.
    Awaitable<Result<User>> change_password(UserId id, std::string password,
                                            std::function<bool(SqlSession&)> allowed = {}, audit::Actor by = {});
    Awaitable<Result<User>> set_role(UserId id, Role role, audit::Actor by = {});
    // As e164_number gives it; nullopt: none.
    Awaitable<Result<User>> set_phone_number(UserId id, std::optional<std::string> number, audit::Actor by = {});
    Awaitable<Result<User>> disable(UserId id, audit::Actor by = {});
    Awaitable<Result<User>> enable(UserId id, audit::Actor by = {});
    // By a moderator's decision of that event, which has its effect once: as `disable`, for users who are neither
    // moderators nor administrators, or where an administrator decided. False: nothing is changed.
    Awaitable<bool> block(EventId decision, UserId id, UserId by);
    // Ends every log-in until now, v1's, too; tokens for programs stay.
    Awaitable<Result<User>> log_out_everywhere(UserId id, audit::Actor by = {});
    // Name, addresses and password are gone for ever; the id stays, so that others can forget them, too. The films go
    // to the trash, or belong to the user of the e-mail address `hand_over_to` from now on, where that is not empty:
    // `invalid` where nobody else who may log in has it.
    Awaitable<Result<User>> erase(UserId id, std::string hand_over_to = {}, audit::Actor by = {});
    // The same by the user's own wish, with their password; guessing it from `network` is slowed down as at log-in. The
    // last administrator who can log in is refused (`conflict`).
    Awaitable<std::expected<User, LeaveRefusal>> leave(UserId id, std::string password, std::string network,
                                                       std::string hand_over_to, audit::Actor by = {});

    // Tells others of every user again, as they are now and without a new version. How many there are.
    Awaitable<std::int64_t> resync();

    Sessions& sessions() { return sessions_; }

private:
    enum class Named { email, any };

    Awaitable<std::expected<User, SignUpRefusal>> make(SignUpForm form, Role role, bool check_email,
                                                       std::optional<std::string> invite_hash, audit::Actor by);
    Awaitable<std::expected<LoggedIn, LogInRefusal>> log_in_as(Named named, std::string credential,
                                                               std::string password, std::string network,
                                                               std::optional<SessionWish> wish, audit::Actor by);
    Awaitable<std::optional<LoggedIn>> verify(Named named, std::string credential, std::string password,
                                              std::optional<SessionWish> wish, audit::Actor by);
    Awaitable<std::optional<User>> find_credential(Named named, std::string credential);
    // The log-in itself, unless the account has changed since the password was verified.
    Awaitable<std::optional<LoggedIn>> enter(User verified, std::optional<std::string> new_hash,
                                             std::optional<SessionWish> wish, audit::Actor by);

    Database& database_;
    ledger::Outbox& outbox_;
    PasswordWorker& passwords_;
    const access::KeyRing& keys_;
    AccountOptions options_;
    Sessions sessions_;
    LogInThrottle throttle_;
};

}  // namespace movio::accounts
