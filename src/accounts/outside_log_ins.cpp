#include "accounts/outside_log_ins.hpp"

#include "accounts/api_tokens.hpp"
#include "accounts/email_address.hpp"
#include "accounts/link_rows.hpp"
#include "accounts/outside_groups.hpp"
#include "accounts/outside_identity_rows.hpp"
#include "accounts/session_rows.hpp"
#include "accounts/user_events.hpp"
#include "accounts/user_rows.hpp"
#include "base/log.hpp"

namespace movio::accounts {
namespace {

std::unexpected<OutsideRefusal> refuse(OutsideRefusal refusal) { return std::unexpected(refusal); }

}  // namespace

Awaitable<std::expected<LoggedIn, OutsideRefusal>> OutsideLogIns::log_in(OutsidePerson person, SessionWish wish) {
    wish.by = person.by;
    auto body = [&](SqlSession& session) -> std::expected<LoggedIn, OutsideRefusal> {
        const OutsideTrail trail(session, person, wish.address);
        auto found = find_or_make(session, person, trail);
        if (!found) {
            trail.refused(found.error());
            return refuse(found.error());
        }
        LoggedIn in;
        in.user = grant(session, person, std::move(*found), trail);
        if (person.groups)
            put_outside_groups(session, outbox_, in.user.id, person.by, *person.groups, trail.by_system());
        trail.let_in(in.user);
        auto begun = sessions_.begin(session, in.user, wish);
        in.tokens = std::move(begun.tokens);
        in.session = std::move(begun.session);
        return in;
    };
    co_return co_await database_.write(body);
}

std::expected<User, OutsideRefusal> OutsideLogIns::find_or_make(SqlSession& session, const OutsidePerson& person,
                                                                const OutsideTrail& trail) const {
    if (const auto known = find_outside_identity(session, person.issuer, person.subject)) {
        auto user = lock_user(session, known->user).value();
        if (!user.enabled) return refuse(OutsideRefusal::disabled);
        return user;
    }
    if (!is_email_address(person.email)) return refuse(OutsideRefusal::no_email);
    if (!person.email_verified) return refuse(OutsideRefusal::email_not_verified);
    const auto found = find_by_email(session, person.email);
    if (!found) return make(session, person, trail);
    auto user = lock_user(session, found->id).value();
    if (!user.enabled) return refuse(OutsideRefusal::disabled);
    if (has_outside_identity(session, user.id, person.issuer)) return refuse(OutsideRefusal::linked_otherwise);
    return link(session, person, std::move(user), trail);
}

std::expected<User, OutsideRefusal> OutsideLogIns::make(SqlSession& session, const OutsidePerson& person,
                                                        const OutsideTrail& trail) const {
    if (!may_be_made(person)) return refuse(OutsideRefusal::no_account);
    User user;
    user.id = UserId::make();
    user.first_name = person.first_name;
    user.last_name = person.last_name;
    user.email = person.email;
    user.role = options_.signup.role;
    auto made = insert_user(session, user);
    // Several have the address in other cases, and one of them has it in this one.
    if (!made) return refuse(OutsideRefusal::linked_otherwise);
    insert_outside_identity(session, person, made->id);
    outbox_.append(session, user_event(kUserCreated, *made));
    trail.made(*made);
    return std::move(*made);
}

User OutsideLogIns::link(SqlSession& session, const OutsidePerson& person, User user, const OutsideTrail& trail) const {
    insert_outside_identity(session, person, user.id);
    const bool by_sign_up = options_.signup.rule == SignUpFor::everybody || options_.signup.rule == SignUpFor::domains;
    const bool claimed = by_sign_up && !options_.emails_are_checked && user.role != Role::admin;
    const bool kept = user.email_checked && !claimed;
    trail.linked(user, !kept);
    if (kept) return user;
    end_all_sessions(session, user.id, kEndedByAccount);
    remove_links(session, user.id);
    remove_api_tokens(session, outbox_, user.id);
    user = remove_password(session, user.id).value();
    outbox_.append(session, user_event(kUserChanged, user));
    log_warn("an account is its address's owner's now; who had it before is logged out", {{"user_id", user.id.text()}});
    return user;
}

User OutsideLogIns::grant(SqlSession& session, const OutsidePerson& person, User user,
                          const OutsideTrail& trail) const {
    const auto before = find_outside_identity(session, person.issuer, person.subject).value().role;
    const auto granted = person.role ? *person.role : before;
    use_outside_identity(session, person, granted);
    if (granted == before) return user;
    const auto role = granted.value_or(options_.signup.role);
    if (role == user.role) return user;
    if (is_last_working_admin(session, user.id)) {
        log_warn("the last administrator stays one, whatever the provider says", {{"user_id", user.id.text()}});
        return user;
    }
    user = set_role(session, user.id, role).value();
    outbox_.append(session, user_event(kUserChanged, user));
    trail.role_set(user);
    return user;
}

bool OutsideLogIns::may_be_made(const OutsidePerson& person) const {
    if (options_.users != OutsideUsers::by_sign_up) return options_.users == OutsideUsers::all;
    if (options_.signup.rule == SignUpFor::domains) return options_.signup.has_domain_of(person.email);
    return options_.signup.rule == SignUpFor::everybody;
}

}  // namespace movio::accounts
