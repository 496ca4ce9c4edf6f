#include "accounts/session.hpp"

#include "base/clock.hpp"

namespace movio::accounts {

std::string_view to_text(SessionKind kind) { return kind == SessionKind::page ? "page" : "app"; }

std::string_view to_text(BegunBy by) {
    switch (by) {
        case BegunBy::password: return "password";
        case BegunBy::openid: return "openid";
        case BegunBy::proxy: return "proxy";
    }
    return "password";
}

void write(JsonWriter& json, const Session& session, bool current) {
    json.begin_object()
        .member("id", session.id.text())
        .member("kind", to_text(session.kind))
        .member("agent", session.agent)
        .member("address", session.address)
        .member("created_at", rfc3339(session.created_us))
        .member("used_at", rfc3339(session.used_us))
        .member("expires_at", rfc3339(session.expires_us))
        .member("current", current)
        .end_object();
}

Event ended_event(const Session& session) {
    JsonWriter data;
    data.begin_object().member("session_id", session.id.text()).member("until_us", session.expires_us).end_object();
    Event event;
    event.type = "session.ended";
    event.data = data.take();
    return event;
}

}  // namespace movio::accounts
