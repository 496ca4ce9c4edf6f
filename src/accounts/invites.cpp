#include "accounts/invites.hpp"

#include <fmt/format.h>

#include "access/secret.hpp"
#include "accounts/email_address.hpp"
#include "accounts/invite_rows.hpp"
#include "accounts/user_rows.hpp"
#include "base/clock.hpp"
#include "base/limits.hpp"

namespace movio::accounts {
namespace {

constexpr std::int64_t kDayUs = 24LL * 3600 * 1'000'000;
// The link of a server that stands unused; each start makes another.
constexpr std::int64_t kFirstAdminDays = 365;
constexpr std::int64_t kEndedKeptUs = 30 * kDayUs;

std::optional<Error> problem_of(const InviteWish& wish, const SignUpPolicy& policy) {
    if (policy.rule == SignUpFor::nobody)
        return Error{ErrorCode::conflict,
                     "Sign-up is closed, so nobody could use an invitation; set accounts.signup to invite, or add the "
                     "account yourself: movio user add EMAIL",
                     {}};
    if (wish.days < 1 || wish.days > limits::kInviteDaysMax)
        return Error{ErrorCode::invalid,
                     fmt::format("An invitation counts for 1 to {} days, not {}", limits::kInviteDaysMax, wish.days),
                     {}};
    if (wish.email && !is_email_address(*wish.email))
        return Error{ErrorCode::invalid, fmt::format("'{}' is no e-mail address", *wish.email), {}};
    return std::nullopt;
}

}  // namespace

Awaitable<Result<NewInvite>> Invites::make(InviteWish wish, audit::Actor by) {
    if (auto problem = problem_of(wish, policy_)) co_return std::unexpected(std::move(*problem));
    NewInvite made;
    made.token = access::random_token();
    made.invite.id = InviteId::make();
    made.invite.role = wish.role;
    made.invite.email = std::move(wish.email);
    made.invite.invited_by = wish.by;
    const auto now_us = wall_now_us();
    made.invite.expires_us = now_us + wish.days * kDayUs;
    auto body = [&](SqlSession& session) {
        remove_ended_invites(session, now_us - kEndedKeptUs);
        const bool room = count_open_invites(session) < limits::kInvitesOpenMax;
        if (!room) return false;
        made.invite = insert_invite(session, made.invite, access::token_hash(made.token));
        JsonWriter detail;
        detail.begin_object()
            .member("invitation", made.invite.id.text())
            .member("role", to_text(made.invite.role))
            .end_object();
        audit::record(session, {.by = by, .action = "invitation.made", .detail = detail.take()});
        return true;
    };
    if (co_await database_.write(body)) co_return std::move(made);
    co_return fail(ErrorCode::conflict,
                   fmt::format("There are {} open invitations already; take some back", limits::kInvitesOpenMax));
}

Awaitable<std::vector<Invite>> Invites::list() {
    co_return co_await database_.read(
        [](SqlSession& session) { return list_open_invites(session, limits::kInvitesOpenMax); });
}

Awaitable<Result<void>> Invites::revoke(InviteId id, audit::Actor by) {
    auto body = [&](SqlSession& session) {
        if (!remove_open_invite(session, id)) return false;
        JsonWriter detail;
        detail.begin_object().member("invitation", id.text()).end_object();
        audit::record(session, {.by = by, .action = "invitation.revoked", .detail = detail.take()});
        return true;
    };
    if (co_await database_.write(body)) co_return Result<void>{};
    co_return fail(ErrorCode::not_found, fmt::format("There is no open invitation {}", id.text()));
}

Awaitable<std::optional<Invite>> Invites::find(std::string token) {
    auto body = [&](SqlSession& session) { return find_open_invite(session, access::token_hash(token)); };
    auto invite = co_await database_.read(body);
    if (invite && !policy_.takes_invites() && !invite->first_admin) co_return std::nullopt;
    co_return invite;
}

Awaitable<std::optional<std::string>> Invites::make_first_admin_link() {
    auto token = access::random_token();
    Invite invite;
    invite.id = InviteId::make();
    invite.role = Role::admin;
    invite.first_admin = true;
    invite.expires_us = wall_now_us() + kFirstAdminDays * kDayUs;
    auto body = [&](SqlSession& session) {
        remove_first_admin_invites(session);
        const bool needed = !has_working_admin(session);
        if (needed) insert_invite(session, invite, access::token_hash(token));
        return needed;
    };
    if (!co_await database_.write(body)) co_return std::nullopt;
    co_return token;
}

}  // namespace movio::accounts
