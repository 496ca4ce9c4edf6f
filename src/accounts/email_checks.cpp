#include "accounts/email_checks.hpp"

#include <fmt/format.h>

#include "access/secret.hpp"
#include "accounts/email_address.hpp"
#include "accounts/link_rows.hpp"
#include "accounts/sign_up.hpp"
#include "accounts/user_events.hpp"
#include "accounts/user_rows.hpp"
#include "base/limits.hpp"

namespace movio::accounts {
namespace {

using std::chrono::microseconds;

constexpr Rate kByUser{microseconds(std::chrono::hours(1)) / limits::kEmailChecksPerUser, limits::kEmailChecksPerUser};
constexpr auto kSent = microseconds::zero();
constexpr microseconds kQueueFull = std::chrono::minutes(1);
constexpr auto kPurpose = LinkPurpose::email_check;

std::unexpected<Error> nobody() { return fail(ErrorCode::not_found, "There is no such account."); }

}  // namespace

Awaitable<microseconds> EmailChecks::wait_for(UserId id) {
    co_return (co_await limiter_.take("email-check/" + id.text(), kByUser)).wait;
}

Awaitable<Result<microseconds>> EmailChecks::send_again(UserId id) {
    const auto user = co_await database_.read([id](SqlSession& session) { return find_user(session, id); });
    if (!user || user->deleted_us) co_return nobody();
    if (user->email_checked && !user->new_email)
        co_return fail(ErrorCode::conflict, "Your address is checked already.");
    if (const auto wait = co_await wait_for(id); wait > kSent) co_return wait;
    auto body = [&](SqlSession& session) { return links_.order(session, kPurpose, user); };
    co_return co_await database_.write(body) ? kSent : kQueueFull;
}

Awaitable<Result<microseconds>> EmailChecks::change(UserId id, std::string email, std::string password,
                                                    audit::Actor by) {
    if (!is_email_address(email)) co_return fail(ErrorCode::invalid, fmt::format("'{}' is no e-mail address", email));
    // Counts guesses at the password, too.
    if (const auto wait = co_await wait_for(id); wait > kSent) co_return wait;
    const auto user = co_await database_.read([id](SqlSession& session) { return find_user(session, id); });
    if (!user || user->deleted_us) co_return nobody();
    audit::Entry entry{.by = std::move(by), .action = "user.email_asked", .subject = id.text()};
    if (!co_await passwords_.verify(std::move(password), user->password_hash)) {
        entry.outcome = audit::Outcome::refused;
        co_await database_.write([&entry](SqlSession& session) { audit::record(session, entry); });
        co_return fail(ErrorCode::forbidden, "The password is wrong.");
    }
    auto body = [&](SqlSession& session) -> Result<microseconds> {
        auto now = lock_user(session, id);
        if (!now || now->deleted_us) return nobody();
        const bool is_own = now->email == email;
        if (!is_own && email_taken(session, email)) return fail(ErrorCode::conflict, std::string(kEmailTaken));
        now->new_email = is_own ? std::nullopt : std::optional(email);
        set_new_email(session, id, now->new_email);
        audit::record(session, entry);
        if (is_own && now->email_checked) return kSent;
        return links_.order(session, kPurpose, now) ? kSent : kQueueFull;
    };
    co_return co_await database_.write(body);
}

Awaitable<Result<User>> EmailChecks::confirm(std::string token, audit::Actor by) {
    auto body = [&](SqlSession& session) -> Result<User> {
        const auto link = find_open_link(session, kPurpose, access::token_hash(token));
        if (!link)
            return fail(ErrorCode::not_found,
                        "This link does not count: it was used, has run out, or a later one took its place. Have "
                        "another one sent from your account.");
        remove_link(session, link->user, kPurpose);
        auto user = set_checked_email(session, link->user, link->email);
        if (!user) return fail(ErrorCode::conflict, std::string(kEmailTaken));
        outbox_.append(session, user_event(kUserChanged, *user));
        audit::record(session, {.by = by, .action = "user.email_checked", .subject = user->id.text()});
        return std::move(*user);
    };
    co_return co_await database_.write(body);
}

}  // namespace movio::accounts
