#include "accounts/password_resets.hpp"

#include <fmt/format.h>

#include "access/secret.hpp"
#include "accounts/email_address.hpp"
#include "accounts/link_rows.hpp"
#include "accounts/user_rows.hpp"
#include "base/limits.hpp"

namespace movio::accounts {
namespace {

using std::chrono::microseconds;

constexpr Rate kByAddress{microseconds(std::chrono::hours(1)) / limits::kPasswordResetsPerAddress,
                          limits::kPasswordResetsPerAddress};
constexpr Rate kByNetwork{microseconds(std::chrono::hours(1)) / limits::kPasswordResetsPerNetwork,
                          limits::kPasswordResetsPerNetwork};
constexpr microseconds kQueueFull = std::chrono::minutes(1);
constexpr auto kPurpose = LinkPurpose::password_reset;

std::unexpected<Error> bad_link() {
    return fail(ErrorCode::not_found,
                "This link does not count: it was used, has run out, or a later one took its place. Ask for another "
                "one.");
}

}  // namespace

Awaitable<microseconds> PasswordResets::ask(std::string email, std::string network, audit::Actor by) {
    const auto from_there = co_await limiter_.take("password-reset/network/" + network, kByNetwork);
    if (from_there.wait > microseconds::zero()) co_return from_there.wait;
    // A hash has one size, whatever is typed.
    const auto for_it = co_await limiter_.take("password-reset/" + access::token_hash(email_key(email)), kByAddress);
    if (for_it.wait > microseconds::zero()) co_return microseconds::zero();
    auto body = [&](SqlSession& session) {
        // No address holds it, and PostgreSQL takes no text that does.
        auto user = email.contains('\0') ? std::nullopt : find_by_email(session, email);
        if (user && !(user->enabled && user->password_hash)) user.reset();
        if (!links_.order(session, kPurpose, user)) return false;
        audit::record(session, {.by = by, .action = "password_reset.asked", .subject = user ? user->id.text() : ""});
        return true;
    };
    co_return co_await database_.write(body) ? microseconds::zero() : kQueueFull;
}

Awaitable<Result<NewLink>> PasswordResets::make(UserId id, audit::Actor by) {
    auto body = [&](SqlSession& session) -> Result<NewLink> {
        const auto user = lock_user(session, id);
        if (!user || user->deleted_us) return fail(ErrorCode::not_found, fmt::format("There is no user {}", id.text()));
        if (!user->enabled)
            return fail(ErrorCode::conflict, fmt::format("{0} is disabled, so no link would count; first: movio user "
                                                         "enable {0}",
                                                         user->email));
        audit::record(session, {.by = by, .action = "password_reset.made", .subject = id.text()});
        return links_.make(session, kPurpose, *user);
    };
    co_return co_await database_.write(body);
}

Awaitable<Result<void>> PasswordResets::confirm(std::string token, std::string password, audit::Actor by) {
    const auto hash = access::token_hash(token);
    const auto open = [&hash](SqlSession& session) { return find_open_link(session, kPurpose, hash); };
    // Before the password is hashed, which costs much.
    const auto link = co_await database_.read(open);
    if (!link) co_return bad_link();
    const auto still_open = [&](SqlSession& session) { return open(session).has_value(); };
    auto changed = co_await accounts_.change_password(link->user, std::move(password), still_open, std::move(by));
    if (!changed && changed.error().code == ErrorCode::not_found) co_return bad_link();
    if (!changed) co_return std::unexpected(std::move(changed.error()));
    co_return Result<void>{};
}

Awaitable<void> PasswordResets::clean_up() {
    co_await database_.write([](SqlSession& session) { remove_ended_links(session); });
}

}  // namespace movio::accounts
