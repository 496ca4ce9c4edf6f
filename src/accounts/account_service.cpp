#include "accounts/account_service.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "access/secret.hpp"
#include "accounts/api_tokens.hpp"
#include "accounts/email_address.hpp"
#include "accounts/group_rows.hpp"
#include "accounts/invite_rows.hpp"
#include "accounts/link_rows.hpp"
#include "accounts/outside_identity_rows.hpp"
#include "accounts/session_rows.hpp"
#include "accounts/user_events.hpp"
#include "accounts/user_rows.hpp"
#include "base/limits.hpp"
#include "ledger/inbox.hpp"

namespace movio::accounts {
namespace {

constexpr int kResyncBatch = 500;
constexpr std::string_view kClosed = "Sign-up is closed here. Ask an administrator for an account.";
constexpr std::string_view kByInvitation = "Accounts are made by invitation here. Ask an administrator for one.";
constexpr std::string_view kChangedMeanwhile =
    "The account was made, and an administrator has changed it in this very moment. Log in.";
constexpr std::string_view kBadInvite =
    "This invitation does not count: it was used, has run out or was taken back. Ask for another one.";

void check_taken(SqlSession& session, const SignUp& values, FieldErrors& errors) {
    if (values.username && !errors.has("username") && username_taken(session, *values.username))
        errors.add("username", std::string(kUsernameTaken));
    if (!errors.has("email") && email_taken(session, values.email)) errors.add("email", std::string(kEmailTaken));
}

SignUpRefusal not_allowed(std::string_view why) {
    SignUpRefusal refusal;
    refusal.errors.add(kNonFieldErrors, std::string(why));
    refusal.not_allowed = true;
    return refusal;
}

// Of those who are not invited. An address of another domain is a mistake in that field.
std::optional<SignUpRefusal> refused_by(const SignUpPolicy& policy, SignUpForm& form) {
    if (policy.rule == SignUpFor::nobody) return not_allowed(kClosed);
    if (policy.rule == SignUpFor::invited) return not_allowed(kByInvitation);
    if (policy.rule == SignUpFor::domains && !form.errors.has("email") && !policy.has_domain_of(form.values.email))
        form.errors.add("email", fmt::format("Only addresses of these domains may sign up here: {}.",
                                             fmt::join(policy.domains, ", ")));
    return std::nullopt;
}

std::unexpected<Error> nobody(UserId id) {
    return fail(ErrorCode::not_found, fmt::format("There is no user {}", id.text()));
}

std::string role_detail(Role role, bool invited) {
    JsonWriter json;
    json.begin_object().member("role", to_text(role));
    if (invited) json.member("invited", true);
    return json.end_object().take();
}

// One change by id, with its event and its entry in the audit trail.
Awaitable<Result<User>> change(Database& database, const ledger::Outbox& outbox, UserId id, std::string_view event,
                               audit::Entry entry, std::function<std::optional<User>(SqlSession&)> update) {
    entry.subject = id.text();
    auto body = [&](SqlSession& session) {
        auto user = update(session);
        if (!user) return user;
        outbox.append(session, user_event(event, *user));
        audit::record(session, entry);
        return user;
    };
    auto user = co_await database.write(body);
    if (!user) co_return nobody(id);
    co_return std::move(*user);
}

// Who has the films of `leaver` from now on.
Result<UserId> heir_of(SqlSession& session, UserId leaver, std::string_view email) {
    const auto heir = find_by_email(session, strip(email));
    if (heir && heir->enabled && heir->id != leaver) return heir->id;
    return fail(ErrorCode::invalid,
                fmt::format("The films cannot be handed over to '{}': nobody else who may log in has that e-mail "
                            "address. Nothing was changed",
                            email));
}

Result<User> erase_within(SqlSession& session, const ledger::Outbox& outbox, UserId id, std::string_view hand_over_to,
                          const audit::Actor& by) {
    std::optional<UserId> heir;
    if (!hand_over_to.empty()) {
        auto found = heir_of(session, id, hand_over_to);
        if (!found) return std::unexpected(std::move(found.error()));
        heir = *found;
    }
    auto erased = erase_user(session, id, heir);
    if (!erased) return nobody(id);
    remove_sessions(session, id);
    remove_links(session, id);
    remove_api_tokens(session, outbox, id);
    remove_outside_identities(session, id);
    leave_all_groups(session, outbox, id);
    outbox.append(session, user_event(kUserDeleted, *erased));
    JsonWriter detail;
    detail.begin_object();
    if (heir) detail.member("hand_over_to", heir->text());
    audit::record(session,
                  {.by = by, .action = "user.deleted", .subject = id.text(), .detail = detail.end_object().take()});
    return std::move(*erased);
}

std::int64_t now_us(SqlSession& session) { return session.run("SELECT movio_now_us()").rows.at(0).integer(0); }

}  // namespace

Awaitable<std::expected<User, SignUpRefusal>> AccountService::add(SignUpForm form, Role role, audit::Actor by) {
    return make(std::move(form), role, false, std::nullopt, std::move(by));
}

Awaitable<std::expected<User, SignUpRefusal>> AccountService::make(SignUpForm form, Role role, bool check_email,
                                                                   std::optional<std::string> invite_hash,
                                                                   audit::Actor by) {
    SignUpRefusal refusal;
    const bool well_formed = form.errors.empty();
    refusal.errors = std::move(form.errors);
    auto look = [&](SqlSession& session) {
        auto errors = refusal.errors;
        check_taken(session, form.values, errors);
        return errors;
    };
    refusal.errors = co_await database_.read(look);
    refusal.taken = well_formed;
    if (form.passwords_differ && refusal.errors.empty()) {
        refusal.errors.add(kNonFieldErrors, std::string(kPasswordsDiffer));
        refusal.taken = false;
    }
    if (!refusal.errors.empty()) co_return std::unexpected(std::move(refusal));

    User user;
    user.id = UserId::make();
    user.first_name = std::move(form.values.first_name);
    user.last_name = std::move(form.values.last_name);
    user.username = form.values.username;
    user.email = form.values.email;
    user.phone_number = std::move(form.values.phone_number);
    user.role = role;
    user.email_checked = !check_email;
    if (form.values.password) user.password_hash = co_await passwords_.hash(std::move(*form.values.password));
    auto insert = [&](SqlSession& session) {
        std::expected<User, SignUpRefusal> outcome;
        // First, so that of two who use it at once one alone goes on.
        if (invite_hash && !use_invite(session, *invite_hash, user.id)) {
            outcome = std::unexpected(not_allowed(kBadInvite));
        } else if (auto made = insert_user(session, user)) {
            outbox_.append(session, user_event(kUserCreated, *made));
            // Where too many wait, the user asks for it again.
            if (check_email) options_.email_checks->order(session, LinkPurpose::email_check, made);
            audit::record(session, {.by = by,
                                    .action = "user.added",
                                    .subject = made->id.text(),
                                    .detail = role_detail(made->role, invite_hash.has_value())});
            outcome = std::move(*made);
        } else {
            if (invite_hash) reopen_invite(session, *invite_hash, user.id);
            // Somebody was faster.
            SignUpRefusal late{.errors = {}, .taken = true};
            check_taken(session, form.values, late.errors);
            outcome = std::unexpected(std::move(late));
        }
        return outcome;
    };
    co_return co_await database_.write(insert);
}

Awaitable<std::expected<LoggedIn, SignUpRefusal>> AccountService::sign_up(SignUpForm form,
                                                                          std::optional<std::string> invite,
                                                                          std::optional<SessionWish> wish,
                                                                          audit::Actor by) {
    auto role = options_.signup.role;
    bool check_email = options_.email_checks != nullptr;
    std::optional<std::string> hash;
    if (invite) {
        hash = access::token_hash(*invite);
        const auto found =
            co_await database_.read([&](SqlSession& session) { return find_open_invite(session, *hash); });
        if (!found || !(found->first_admin || options_.signup.takes_invites()))
            co_return std::unexpected(not_allowed(kBadInvite));
        if (found->email && email_key(*found->email) != email_key(form.values.email) && !form.errors.has("email"))
            form.errors.add("email", fmt::format("This invitation is for {}.", *found->email));
        role = found->role;
        // Nobody is there yet who could hand a link on.
        check_email = check_email && !found->first_admin;
    } else if (auto refused = refused_by(options_.signup, form)) {
        co_return std::unexpected(std::move(*refused));
    }
    auto added = co_await make(std::move(form), role, check_email, std::move(hash), by);
    if (!added) co_return std::unexpected(std::move(added.error()));
    if (wish) {
        if (auto in = co_await enter(*added, std::nullopt, std::move(wish), std::move(by))) co_return std::move(*in);
        co_return std::unexpected(not_allowed(kChangedMeanwhile));
    }
    LoggedIn in;
    in.tokens = make_tokens(*added, added->created_us, options_.token_lifetime_s, keys_);
    in.user = std::move(*added);
    co_return in;
}

Awaitable<std::expected<LoggedIn, LogInRefusal>> AccountService::log_in(std::string credential, std::string password,
                                                                        std::string network,
                                                                        std::optional<SessionWish> wish,
                                                                        audit::Actor by) {
    co_return co_await log_in_as(Named::any, std::move(credential), std::move(password), std::move(network),
                                 std::move(wish), std::move(by));
}

Awaitable<std::expected<LoggedIn, LogInRefusal>> AccountService::log_in_by_email(std::string email,
                                                                                 std::string password,
                                                                                 std::string network, audit::Actor by) {
    co_return co_await log_in_as(Named::email, std::move(email), std::move(password), std::move(network), std::nullopt,
                                 std::move(by));
}

Awaitable<std::expected<LoggedIn, LogInRefusal>> AccountService::log_in_as(Named named, std::string credential,
                                                                           std::string password, std::string network,
                                                                           std::optional<SessionWish> wish,
                                                                           audit::Actor by) {
    if (network.empty()) {
        if (auto in =
                co_await verify(named, std::move(credential), std::move(password), std::move(wish), std::move(by)))
            co_return std::move(*in);
        co_return std::unexpected(LogInRefusal{});
    }
    auto attempt = throttle_.begin(credential, network);
    if (attempt.wait() > std::chrono::microseconds::zero()) co_return std::unexpected(LogInRefusal{attempt.wait()});
    auto in = co_await verify(named, std::move(credential), std::move(password), std::move(wish), std::move(by));
    if (!in) co_return std::unexpected(LogInRefusal{});
    attempt.succeeded();
    co_return std::move(*in);
}

Awaitable<std::optional<LoggedIn>> AccountService::verify(Named named, std::string credential, std::string password,
                                                          std::optional<SessionWish> wish, audit::Actor by) {
    // Nobody has it, and hashing it would take long.
    if (password.size() > limits::kPasswordCharactersMax * 4) password.clear();
    auto user = co_await find_credential(named, std::move(credential));
    std::optional<std::string> stored;
    if (user && user->enabled) stored = user->password_hash;
    const bool matches = co_await passwords_.verify(password, stored);
    if (!matches) {
        // What was typed as a name is not kept: it may be a password. Known or not, it costs the same.
        const audit::Entry entry{.by = std::move(by),
                                 .action = "log_in",
                                 .subject = user ? user->id.text() : "",
                                 .outcome = audit::Outcome::refused};
        co_await database_.write([&entry](SqlSession& session) { audit::record(session, entry); });
        co_return std::nullopt;
    }
    std::optional<std::string> new_hash;
    if (passwords_.needs_rehash(*stored)) new_hash = co_await passwords_.hash(std::move(password));
    co_return co_await enter(std::move(*user), std::move(new_hash), std::move(wish), std::move(by));
}

Awaitable<std::optional<User>> AccountService::find_credential(Named named, std::string credential) {
    // No name holds it, and PostgreSQL takes no text that does.
    if (credential.contains('\0')) co_return std::nullopt;
    auto body = [&](SqlSession& session) {
        auto user = find_by_email(session, credential);
        if (named == Named::email) return user;
        // Imported user names may look like an address; the address of somebody else wins, if it is exactly this one.
        if (user && user->email == credential) return user;
        if (auto by_name = find_by_username(session, credential)) return by_name;
        return user;
    };
    co_return co_await database_.read(body);
}

Awaitable<std::optional<LoggedIn>> AccountService::enter(User verified, std::optional<std::string> new_hash,
                                                         std::optional<SessionWish> wish, audit::Actor by) {
    by.kind = audit::ActorKind::user;
    by.user = verified.id;
    const audit::Entry entry{.by = std::move(by), .action = "log_in", .subject = verified.id.text()};
    // Locked, so that a change of password or a disabling comes either before the token's second is taken, and is seen
    // here, or after it, and ends the token.
    auto body = [&](SqlSession& session) -> std::optional<LoggedIn> {
        auto user = lock_user(session, verified.id);
        // By version, not by hash: another log-in may just have written the same password in today's form.
        if (!user || user->version != verified.version) return std::nullopt;
        if (new_hash) replace_hash(session, user->id, *verified.password_hash, *new_hash);
        LoggedIn in;
        if (wish) {
            auto begun = sessions_.begin(session, *user, *wish);
            in.tokens = std::move(begun.tokens);
            in.session = std::move(begun.session);
        } else {
            in.tokens = make_tokens(*user, now_us(session), options_.token_lifetime_s, keys_);
        }
        audit::record(session, entry);
        in.user = std::move(*user);
        return in;
    };
    co_return co_await database_.write(body);
}

Awaitable<std::optional<User>> AccountService::find(UserId id) {
    auto body = [id](SqlSession& session) { return find_user(session, id); };
    co_return co_await database_.read(body);
}

Awaitable<Result<User>> AccountService::find_named(std::string name) {
    std::optional<User> found;
    if (const auto id = UserId::parse(name))
        found = co_await find(*id);
    else
        found = co_await find_credential(Named::any, name);
    if (!found || found->deleted_us)
        co_return fail(ErrorCode::not_found,
                       fmt::format("There is no user '{}'; name them by id, e-mail address or user name", name));
    co_return std::move(*found);
}

Awaitable<std::vector<User>> AccountService::list(std::optional<UserId> after, int limit) {
    auto body = [&](SqlSession& session) { return list_users(session, after, limit); };
    co_return co_await database_.read(body);
}

Awaitable<std::optional<User>> AccountService::ensure_admin() {
    // Looked for and made in one transaction: commands that come at once get the same one.
    auto body = [this](SqlSession& session) -> std::optional<User> {
        if (auto known = first_admin(session)) return known;
        User user;
        user.id = UserId::make();
        user.first_name = "Movio";
        user.last_name = "Admin";
        user.email = kFirstAdminEmail;
        user.role = Role::admin;
        auto made = insert_user(session, user);
        if (!made) return first_admin(session);
        outbox_.append(session, user_event(kUserCreated, *made));
        audit::record(
            session,
            {.by = {}, .action = "user.added", .subject = made->id.text(), .detail = role_detail(made->role, false)});
        return made;
    };
    co_return co_await database_.write(body);
}

Awaitable<Result<User>> AccountService::change_password(UserId id, std::string password,
                                                        std::function<bool(SqlSession&)> allowed, audit::Actor by) {
    const auto characters = count_characters(password);
    if (characters < limits::kPasswordCharactersMin || characters > limits::kPasswordCharactersMax)
        co_return fail(ErrorCode::invalid,
                       fmt::format("A password has {} to {} characters, this one has {}",
                                   limits::kPasswordCharactersMin, limits::kPasswordCharactersMax, characters));
    const auto hash = co_await passwords_.hash(std::move(password));
    std::function<std::optional<User>(SqlSession&)> update = [&](SqlSession& session) -> std::optional<User> {
        if (allowed && !allowed(session)) return std::nullopt;
        end_all_sessions(session, id, kEndedByAccount);
        return set_password(session, id, hash);
    };
    co_return co_await change(
        database_, outbox_, id, kUserChanged,
        {.by = std::move(by), .action = "user.password", .detail = allowed ? R"({"by_link":true})" : ""},
        std::move(update));
}

Awaitable<Result<User>> AccountService::set_role(UserId id, Role role, audit::Actor by) {
    std::function<std::optional<User>(SqlSession&)> update = [id, role](SqlSession& session) {
        return accounts::set_role(session, id, role);
    };
    co_return co_await change(database_, outbox_, id, kUserChanged,
                              {.by = std::move(by), .action = "user.role", .detail = role_detail(role, false)},
                              std::move(update));
}

Awaitable<Result<User>> AccountService::set_phone_number(UserId id, std::optional<std::string> number,
                                                         audit::Actor by) {
    std::function<std::optional<User>(SqlSession&)> update = [&](SqlSession& session) {
        return accounts::set_phone_number(session, id, number);
    };
    co_return co_await change(database_, outbox_, id, kUserChanged,
                              {.by = std::move(by), .action = "user.phone_number"}, std::move(update));
}

Awaitable<Result<User>> AccountService::disable(UserId id, audit::Actor by) {
    std::function<std::optional<User>(SqlSession&)> update = [id](SqlSession& session) {
        end_all_sessions(session, id, kEndedByAccount);
        return set_enabled(session, id, false);
    };
    co_return co_await change(database_, outbox_, id, kUserDisabled, {.by = std::move(by), .action = "user.disabled"},
                              std::move(update));
}

Awaitable<Result<User>> AccountService::enable(UserId id, audit::Actor by) {
    std::function<std::optional<User>(SqlSession&)> update = [id](SqlSession& session) {
        return set_enabled(session, id, true);
    };
    co_return co_await change(database_, outbox_, id, kUserChanged, {.by = std::move(by), .action = "user.enabled"},
                              std::move(update));
}

Awaitable<bool> AccountService::block(EventId decision, UserId id, UserId by) {
    auto body = [&](SqlSession& session) {
        if (!ledger::Inbox::first_time(session, decision)) return false;
        const auto target = lock_user(session, id);
        const auto decider = find_user(session, by);
        const bool may =
            target && decider && id != by &&
            (decider->role == Role::admin || (decider->role == Role::moderator && target->role < Role::moderator));
        if (!may || !target->enabled) return false;
        end_all_sessions(session, id, kEndedByAccount);
        const auto blocked = set_enabled(session, id, false);
        if (!blocked) return false;
        outbox_.append(session, user_event(kUserDisabled, *blocked));
        audit::record(session, {.by = {.kind = audit::ActorKind::user, .user = by},
                                .action = "user.disabled",
                                .subject = id.text(),
                                .detail = R"({"by_decision":true})"});
        return true;
    };
    co_return co_await database_.write(body);
}

Awaitable<Result<User>> AccountService::log_out_everywhere(UserId id, audit::Actor by) {
    std::function<std::optional<User>(SqlSession&)> update = [id](SqlSession& session) {
        end_all_sessions(session, id, kEndedByUser);
        return end_log_ins(session, id);
    };
    co_return co_await change(database_, outbox_, id, kUserChanged, {.by = std::move(by), .action = "user.logged_out"},
                              std::move(update));
}

Awaitable<Result<User>> AccountService::erase(UserId id, std::string hand_over_to, audit::Actor by) {
    co_return co_await database_.write(
        [&](SqlSession& session) { return erase_within(session, outbox_, id, hand_over_to, by); });
}

Awaitable<std::expected<User, LeaveRefusal>> AccountService::leave(UserId id, std::string password, std::string network,
                                                                   std::string hand_over_to, audit::Actor by) {
    const auto known = co_await find(id);
    if (!known || known->deleted_us) co_return std::unexpected(LeaveRefusal{.error = nobody(id).error()});
    auto attempt = throttle_.begin(known->email, network);
    if (attempt.wait() > std::chrono::microseconds::zero())
        co_return std::unexpected(LeaveRefusal{.log_in = LogInRefusal{attempt.wait()}});
    if (password.size() > limits::kPasswordCharactersMax * 4) password.clear();
    if (!co_await passwords_.verify(password, known->password_hash)) {
        const audit::Entry entry{
            .by = by, .action = "user.deleted", .subject = id.text(), .outcome = audit::Outcome::refused};
        co_await database_.write([&entry](SqlSession& session) { audit::record(session, entry); });
        co_return std::unexpected(LeaveRefusal{.log_in = LogInRefusal{}});
    }
    attempt.succeeded();
    auto body = [&](SqlSession& session) -> Result<User> {
        const auto user = lock_user(session, id);
        // With a new password, say, set because somebody else knows the old one.
        if (!user || user->version != known->version)
            return fail(ErrorCode::conflict, "The account has changed in this very moment. Try again.");
        if (is_last_working_admin(session, id))
            return fail(ErrorCode::conflict,
                        "You are the last administrator who can log in. Make somebody else one first.");
        return erase_within(session, outbox_, id, hand_over_to, by);
    };
    auto erased = co_await database_.write(body);
    if (!erased) co_return std::unexpected(LeaveRefusal{.error = std::move(erased.error())});
    co_return std::move(*erased);
}

Awaitable<std::int64_t> AccountService::resync() {
    std::int64_t told = 0;
    std::optional<UserId> after;
    for (;;) {
        auto body = [&](SqlSession& session) {
            auto users = list_users(session, after, kResyncBatch);
            for (const auto& user : users)
                outbox_.append(session, user_event(user.deleted_us ? kUserDeleted : kUserChanged, user));
            return users;
        };
        const auto users = co_await database_.write(body);
        told += static_cast<std::int64_t>(users.size());
        if (users.size() < kResyncBatch) co_return told;
        after = users.back().id;
    }
}

}  // namespace movio::accounts
