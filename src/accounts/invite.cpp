#include "accounts/invite.hpp"

#include "base/clock.hpp"

namespace movio::accounts {

void write(JsonWriter& json, const Invite& invite) {
    json.begin_object()
        .member("id", invite.id.text())
        .member("role", to_text(invite.role))
        .member("email", invite.email)
        .member("first_admin", invite.first_admin)
        .member("created_at", rfc3339(invite.created_us))
        .member("expires_at", rfc3339(invite.expires_us))
        .end_object();
}

}  // namespace movio::accounts
