#include "accounts/session_rows.hpp"

#include <fmt/format.h>

namespace movio::accounts {
namespace {

constexpr std::string_view kColumns = "id, user_id, kind, agent, address, created_us, used_us, expires_us, begun_by";
constexpr std::string_view kOpen = "ended_us IS NULL AND expires_us > movio_now_us()";

BegunBy begun_by(std::string_view text) {
    for (const auto by : {BegunBy::openid, BegunBy::proxy})
        if (text == to_text(by)) return by;
    return BegunBy::password;
}

Session session_of(const SqlRow& row) {
    Session session;
    session.id = SessionId::parse(row.text(0)).value();
    session.user = UserId::parse(row.text(1)).value();
    session.kind = row.text(2) == to_text(SessionKind::page) ? SessionKind::page : SessionKind::app;
    session.agent = row.text(3);
    session.address = row.text(4);
    session.created_us = row.integer(5);
    session.used_us = row.integer(6);
    session.expires_us = row.integer(7);
    session.by = begun_by(row.text(8));
    return session;
}

std::optional<Session> one(const SqlResult& result) {
    return result.empty() ? std::nullopt : std::optional(session_of(result.rows.front()));
}

std::vector<Session> all(const SqlResult& result) {
    std::vector<Session> sessions;
    sessions.reserve(result.rows.size());
    for (const auto& row : result.rows) sessions.push_back(session_of(row));
    return sessions;
}

}  // namespace

Session insert_session(SqlSession& session, const Session& row, std::int64_t life_us) {
    return one(session.run(fmt::format("INSERT INTO sessions (id, user_id, kind, agent, address, created_us, used_us, "
                                       "expires_us, begun_by) VALUES ($1, $2, $3, $4, $5, movio_now_us(), "
                                       "movio_now_us(), movio_now_us() + $6, $7) RETURNING {}",
                                       kColumns),
                           {sql(row.id.text()), sql(row.user.text()), sql(to_text(row.kind)), sql(row.agent),
                            sql(row.address), sql(life_us), sql(to_text(row.by))}))
        .value();
}

std::optional<Session> find_open_session(SqlSession& session, SessionId id) {
    return one(
        session.run(fmt::format("SELECT {} FROM sessions WHERE id = $1 AND {}", kColumns, kOpen), {sql(id.text())}));
}

std::vector<Session> list_open_sessions(SqlSession& session, UserId user, int limit) {
    return all(session.run(fmt::format("SELECT {} FROM sessions WHERE user_id = $1 AND {} "
                                       "ORDER BY used_us DESC, id DESC LIMIT $2",
                                       kColumns, kOpen),
                           {sql(user.text()), sql(limit)}));
}

void touch_session(SqlSession& session, SessionId id, const SessionWish& from, std::optional<std::int64_t> life_us) {
    session.run(
        "UPDATE sessions SET used_us = movio_now_us(), agent = $2, address = $3, "
        "expires_us = COALESCE(movio_now_us() + $4, expires_us) WHERE id = $1 AND ended_us IS NULL",
        {sql(id.text()), sql(from.agent), sql(from.address), sql(life_us)});
}

std::optional<Session> end_session(SqlSession& session, UserId user, SessionId id, std::string_view by) {
    return one(session.run(fmt::format("UPDATE sessions SET ended_us = movio_now_us(), ended_by = $3 "
                                       "WHERE id = $1 AND user_id = $2 AND {} RETURNING {}",
                                       kOpen, kColumns),
                           {sql(id.text()), sql(user.text()), sql(by)}));
}

void end_all_sessions(SqlSession& session, UserId user, std::string_view by) {
    session.run(
        fmt::format("UPDATE sessions SET ended_us = movio_now_us(), ended_by = $2 WHERE user_id = $1 AND {}", kOpen),
        {sql(user.text()), sql(by)});
}

std::vector<Session> end_surplus_sessions(SqlSession& session, UserId user, int keep) {
    return all(session.run(fmt::format("UPDATE sessions SET ended_us = movio_now_us(), ended_by = '{0}' WHERE id IN "
                                       "(SELECT id FROM sessions WHERE user_id = $1 AND {1} "
                                       "ORDER BY used_us DESC, id DESC LIMIT 1000 OFFSET $2) RETURNING {2}",
                                       kEndedByLimit, kOpen, kColumns),
                           {sql(user.text()), sql(keep)}));
}

void remove_sessions(SqlSession& session, UserId user) {
    session.run("DELETE FROM sessions WHERE user_id = $1", {sql(user.text())});
}

void remove_ended_sessions(SqlSession& session, std::int64_t before_us) {
    session.run("DELETE FROM sessions WHERE expires_us < $1 OR ended_us < $1", {sql(before_us)});
}

void insert_refresh_token(SqlSession& session, const std::string& token_hash, SessionId of) {
    session.run("INSERT INTO refresh_tokens (token_hash, session_id, created_us) VALUES ($1, $2, movio_now_us())",
                {sql(token_hash), sql(of.text())});
}

std::optional<RefreshRow> find_refresh_token(SqlSession& session, const std::string& token_hash) {
    const auto found =
        session.run("SELECT session_id, used_us, salt FROM refresh_tokens WHERE token_hash = $1", {sql(token_hash)});
    if (found.empty()) return std::nullopt;
    const auto& row = found.rows.front();
    return RefreshRow{SessionId::parse(row.text(0)).value(), row.integer_or_null(1), row.text_or_null(2)};
}

void use_refresh_token(SqlSession& session, const std::string& token_hash, const std::string& salt) {
    session.run("UPDATE refresh_tokens SET used_us = movio_now_us(), salt = $2 WHERE token_hash = $1",
                {sql(token_hash), sql(salt)});
}

}  // namespace movio::accounts
