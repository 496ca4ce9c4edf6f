#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "access/grants.hpp"
#include "base/json.hpp"
#include "ports/event_bus.hpp"

namespace movio::accounts {

using access::SessionId;

// `page`: a browser with a cookie. `app`: a program that a person uses, with tokens.
enum class SessionKind { page, app };

std::string_view to_text(SessionKind kind);

// By whose word it began: the user's own, that of an OpenID provider, that of a proxy in front.
enum class BegunBy { password, openid, proxy };

std::string_view to_text(BegunBy by);

// Where a log-in came from, and what it shall be.
struct SessionWish {
    SessionKind kind = SessionKind::page;
    std::string agent = {};  // User-Agent; cut at 200 characters
    std::string address = {};
    BegunBy by = BegunBy::password;
};

struct Session {
    SessionId id;
    UserId user;
    SessionKind kind = SessionKind::page;
    BegunBy by = BegunBy::password;
    std::string agent;
    std::string address;
    std::int64_t created_us = 0;
    std::int64_t used_us = 0;
    std::int64_t expires_us = 0;
};

// {id, kind, agent, address, created_at, used_at, expires_at, current}
void write(JsonWriter& json, const Session& session, bool current);

// `session.ended` {session_id, until_us}: its tokens do not count any more, none of which lives longer than `until_us`.
Event ended_event(const Session& session);

}  // namespace movio::accounts
