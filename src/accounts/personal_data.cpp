#include "accounts/personal_data.hpp"

#include <optional>

#include "accounts/user_rows.hpp"
#include "audit/personal_part.hpp"
#include "base/clock.hpp"
#include "base/json.hpp"

namespace movio::accounts {
namespace {

std::optional<std::string> time_or_null(const SqlRow& row, std::size_t column) {
    const auto time = row.integer_or_null(column);
    return time ? std::optional(rfc3339(*time)) : std::nullopt;
}

void write_log_in(JsonWriter& json, const SqlRow& row, SqlSession&) {
    json.begin_object()
        .member("id", row.text(0))
        .member("kind", row.text(1))
        .member("agent", row.text(2))
        .member("address", row.text(3))
        .member("created_at", rfc3339(row.integer(4)))
        .member("used_at", rfc3339(row.integer(5)))
        .member("expires_at", rfc3339(row.integer(6)))
        .member("ended_at", time_or_null(row, 7))
        .member("begun_by", row.text(8))
        .end_object();
}

void write_token(JsonWriter& json, const SqlRow& row, SqlSession&) {
    json.begin_object()
        .member("id", row.text(0))
        .member("name", row.text(1))
        .member("scopes", row.text(2))
        .member("created_at", rfc3339(row.integer(3)))
        .member("expires_at", time_or_null(row, 4))
        .member("ended_at", time_or_null(row, 5))
        .end_object();
}

void write_group(JsonWriter& json, const SqlRow& row, SqlSession&) {
    json.begin_object()
        .member("id", row.text(0))
        .member("name", row.text(1))
        .member("kind", row.text(2))
        .member("added_at", rfc3339(row.integer(3)))
        .member("source", row.text(4))
        .end_object();
}

void write_outside_identity(JsonWriter& json, const SqlRow& row, SqlSession&) {
    json.begin_object()
        .member("issuer", row.text(0))
        .member("subject", row.text(1))
        .member("created_at", rfc3339(row.integer(2)))
        .member("used_at", rfc3339(row.integer(3)))
        .end_object();
}

void write_invitation(JsonWriter& json, const SqlRow& row, SqlSession&) {
    json.begin_object()
        .member("id", row.text(0))
        .member("role", row.text(1))
        .member("email", row.text_or_null(2))
        .member("created_at", rfc3339(row.integer(3)))
        .member("expires_at", rfc3339(row.integer(4)))
        .member("used_at", time_or_null(row, 5))
        .end_object();
}

PersonalPage account_of(SqlSession& session, UserId id) {
    const auto user = find_user(session, id);
    if (!user) return {};
    JsonWriter json;
    json.begin_object()
        .member("id", user->id.text())
        .member("first_name", user->first_name)
        .member("last_name", user->last_name)
        .member("username", user->username)
        .member("email", user->email)
        .member("email_checked", user->email_checked)
        .member("new_email", user->new_email)
        .member("phone_number", user->phone_number)
        .member("role", to_text(user->role))
        .member("enabled", user->enabled)
        .member("created_at", rfc3339(user->created_us))
        .member("changed_at", rfc3339(user->updated_us))
        .end_object();
    return {{json.take()}, ""};
}

}  // namespace

std::vector<PersonalPart> personal_parts(Database& database) {
    auto account = [&database](UserId user, const std::string&) {
        return database.read([user](SqlSession& session) { return account_of(session, user); });
    };
    return {{"account", false, std::move(account)},
            personal_list(database, "log_ins",
                          "SELECT id, kind, agent, address, created_us, used_us, expires_us, ended_us, begun_by "
                          "FROM sessions "
                          "WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                          &write_log_in),
            personal_list(database, "tokens_for_programs",
                          "SELECT id, name, scopes, created_us, expires_us, ended_us FROM api_tokens "
                          "WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                          &write_token),
            personal_list(database, "groups",
                          "SELECT g.id, g.name, g.kind, m.added_us, m.source FROM user_group_members m "
                          "JOIN user_groups g ON g.id = m.group_id "
                          "WHERE m.user_id = $1 AND m.group_id > $2 ORDER BY m.group_id LIMIT $3",
                          &write_group),
            personal_list(database, "known_elsewhere_as",
                          "SELECT issuer, subject, created_us, used_us FROM outside_identities "
                          "WHERE user_id = $1 AND issuer > $2 ORDER BY issuer LIMIT $3",
                          &write_outside_identity),
            personal_list(database, "invitations",
                          "SELECT id, role, email, created_us, expires_us, used_us FROM invites "
                          "WHERE invited_by = $1 AND id > $2 ORDER BY id LIMIT $3",
                          &write_invitation),
            audit::personal_part(database, "account_actions")};
}

}  // namespace movio::accounts
