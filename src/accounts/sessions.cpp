#include "accounts/sessions.hpp"

#include <algorithm>
#include <chrono>

#include "access/secret.hpp"
#include "accounts/session_rows.hpp"
#include "accounts/user_rows.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace movio::accounts {
namespace {

using std::chrono::microseconds;

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::size_t kAgentBytesMax = 200;
constexpr std::int64_t kEndedKeptUs = 30LL * 24 * 3600 * kSecondUs;

std::int64_t now_us(SqlSession& session) { return session.run("SELECT movio_now_us()").rows.at(0).integer(0); }

// Cut between characters; what a request holds is valid UTF-8.
SessionWish bounded(SessionWish wish) {
    auto end = std::min(wish.agent.size(), kAgentBytesMax);
    while (end < wish.agent.size() && end > 0 && (static_cast<unsigned char>(wish.agent[end]) & 0xc0U) == 0x80U) --end;
    wish.agent.resize(end);
    return wish;
}

}  // namespace

Tokens Sessions::tokens_of(SqlSession& session, const User& user, const Session& row) const {
    const bool is_page = row.kind == SessionKind::page;
    const auto life_s = is_page ? options_.lifetime_s : options_.access_lifetime_s;
    Tokens tokens;
    tokens.lifetime_s = life_s;
    tokens.access = make_access_token(user, now_us(session), life_s, row.id.uuid(), keys_);
    return tokens;
}

SessionTokens Sessions::begin(SqlSession& session, const User& user, SessionWish wish) const {
    wish = bounded(std::move(wish));
    Session row;
    row.id = SessionId::make();
    row.user = user.id;
    row.kind = wish.kind;
    row.by = wish.by;
    row.agent = std::move(wish.agent);
    row.address = std::move(wish.address);
    SessionTokens begun;
    begun.session = insert_session(session, row, options_.lifetime_s * kSecondUs);
    begun.tokens = tokens_of(session, user, begun.session);
    if (wish.kind == SessionKind::app) {
        begun.tokens.refresh = access::random_token();
        insert_refresh_token(session, access::token_hash(begun.tokens.refresh), begun.session.id);
    }
    for (const auto& surplus : end_surplus_sessions(session, user.id, limits::kSessionsPerUserMax))
        outbox_.append(session, ended_event(surplus));
    return begun;
}

Awaitable<std::optional<SessionTokens>> Sessions::refresh(std::string token, SessionWish from) {
    from = bounded(std::move(from));
    auto body = [&](SqlSession& session) -> std::optional<SessionTokens> {
        const auto hash = access::token_hash(token);
        const auto known = find_refresh_token(session, hash);
        const auto open = known ? find_open_session(session, known->session) : std::nullopt;
        if (!open) return std::nullopt;
        const auto user = lock_user(session, open->user);
        if (!user || !user->enabled) return std::nullopt;
        SessionTokens given;
        if (!known->used_us) {
            const auto salt = access::random_token();
            use_refresh_token(session, hash, salt);
            given.tokens.refresh = access::successor_token(token, salt);
            insert_refresh_token(session, access::token_hash(given.tokens.refresh), open->id);
            touch_session(session, open->id, from, options_.lifetime_s * kSecondUs);
        } else if (now_us(session) - *known->used_us <= microseconds(limits::kRefreshGrace).count() &&
                   open->agent == from.agent) {
            given.tokens.refresh = access::successor_token(token, *known->salt);
        } else {
            end_session(session, open->user, open->id, kEndedByReuse);
            audit::record(session, {.by = {audit::ActorKind::stranger, {}, from.address},
                                    .action = "log_in.reused",
                                    .subject = open->user.text(),
                                    .outcome = audit::Outcome::refused});
            outbox_.append(session, ended_event(*open));
            log_warn("a refresh token came twice, so the log-in that it belongs to is ended",
                     {{"user_id", open->user.text()}, {"session_id", open->id.text()}});
            return std::nullopt;
        }
        auto refresh = std::move(given.tokens.refresh);
        given.session = find_open_session(session, open->id).value();
        given.tokens = tokens_of(session, *user, given.session);
        given.tokens.refresh = std::move(refresh);
        return given;
    };
    co_return co_await database_.write(body);
}

Awaitable<std::vector<Session>> Sessions::list(UserId user) {
    co_return co_await database_.read(
        [user](SqlSession& session) { return list_open_sessions(session, user, limits::kSessionsPerUserMax); });
}

Awaitable<bool> Sessions::end(UserId user, SessionId id, audit::Actor by) {
    co_return co_await database_.write([&](SqlSession& session) {
        const auto ended = end_session(session, user, id, kEndedByUser);
        if (!ended) return false;
        outbox_.append(session, ended_event(*ended));
        audit::record(session, {.by = by, .action = "log_in.ended", .subject = user.text()});
        return true;
    });
}

Awaitable<std::optional<Session>> Sessions::touch(SessionId id, std::string address) {
    bool due = false;
    const auto look = [id, &due](SqlSession& session) -> std::optional<Session> {
        auto open = find_open_session(session, id);
        const auto every = microseconds(limits::kSessionTouchedEvery).count();
        due = open && now_us(session) - open->used_us >= every;
        return open;
    };
    auto open = co_await database_.read(look);
    if (!due) co_return open;
    // By what an app calls itself when it refreshes it is known again; its other parts may call themselves otherwise.
    const SessionWish from{.kind = open->kind, .agent = open->agent, .address = std::move(address)};
    co_await database_.write([&](SqlSession& session) { touch_session(session, id, from, std::nullopt); });
    co_return open;
}

Awaitable<void> Sessions::clean_up() {
    co_await database_.write(
        [](SqlSession& session) { remove_ended_sessions(session, now_us(session) - kEndedKeptUs); });
}

}  // namespace movio::accounts
