#include "accounts/user.hpp"

namespace movio::accounts {

void write(JsonWriter& json, const User& user) {
    json.begin_object()
        .member("id", user.id.text())
        .member("first_name", user.first_name)
        .member("last_name", user.last_name)
        .member("username", user.username)
        .member("email", user.email)
        .member("email_checked", user.email_checked)
        .member("new_email", user.new_email)
        .member("phone_number", user.phone_number)
        .member("role", to_text(user.role))
        .member("has_password", user.password_hash.has_value())
        .end_object();
}

}  // namespace movio::accounts
