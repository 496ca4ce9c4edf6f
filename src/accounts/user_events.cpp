#include "accounts/user_events.hpp"

namespace movio::accounts {

Event user_event(std::string_view type, const User& user) {
    JsonWriter data;
    data.begin_object()
        .member("user_id", user.id.text())
        .member("version", user.version)
        .member("first_name", user.first_name)
        .member("last_name", user.last_name)
        .member("username", user.username)
        .member("email", user.email)
        .member("email_checked", user.email_checked)
        .member("phone_number", user.phone_number)
        .member("role", to_text(user.role))
        .member("enabled", user.enabled)
        .member("deleted", user.deleted_us.has_value())
        .member("not_before_us", user.not_before_us);
    if (user.hand_over_to) data.member("hand_over_to", user.hand_over_to->text());
    data.end_object();
    Event event;
    event.type = std::string(type);
    event.data = data.take();
    return event;
}

}  // namespace movio::accounts
