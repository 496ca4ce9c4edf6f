#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/session.hpp"
#include "ports/database.hpp"

// The tables of log-ins and their refresh tokens, inside a transaction of the accounts database. A session is open
// until it ends or runs out.
namespace movio::accounts {

inline constexpr std::string_view kEndedByUser = "user";
inline constexpr std::string_view kEndedByAccount = "account";  // a new password, disabled, deleted
inline constexpr std::string_view kEndedByLimit = "limit";      // too many; the one that was not used for longest
inline constexpr std::string_view kEndedByReuse = "reuse";

// Sets the times; it runs out `life_us` from now.
Session insert_session(SqlSession& session, const Session& row, std::int64_t life_us);
std::optional<Session> find_open_session(SqlSession& session, SessionId id);
// The last used first.
std::vector<Session> list_open_sessions(SqlSession& session, UserId user, int limit);
// Now, from there; and for `life_us` more where that is given.
void touch_session(SqlSession& session, SessionId id, const SessionWish& from, std::optional<std::int64_t> life_us);
// The session as it was; nullopt when it is not open or somebody else's.
std::optional<Session> end_session(SqlSession& session, UserId user, SessionId id, std::string_view by);
void end_all_sessions(SqlSession& session, UserId user, std::string_view by);
// Those beyond `keep`, the ones unused for longest.
std::vector<Session> end_surplus_sessions(SqlSession& session, UserId user, int keep);
// Of a user who is deleted: nothing is kept of where they were.
void remove_sessions(SqlSession& session, UserId user);
// What ended or ran out before that time, with its refresh tokens.
void remove_ended_sessions(SqlSession& session, std::int64_t before_us);

struct RefreshRow {
    SessionId session;
    std::optional<std::int64_t> used_us;
    std::optional<std::string> salt;
};

void insert_refresh_token(SqlSession& session, const std::string& token_hash, SessionId of);
std::optional<RefreshRow> find_refresh_token(SqlSession& session, const std::string& token_hash);
void use_refresh_token(SqlSession& session, const std::string& token_hash, const std::string& salt);

}  // namespace movio::accounts
