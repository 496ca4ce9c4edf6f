#include "accounts/user_rows.hpp"

#include <fmt/format.h>

#include "accounts/email_address.hpp"
#include "ports/sql_text.hpp"

namespace movio::accounts {
namespace {

constexpr std::string_view kColumns =
    "id, first_name, last_name, username, email, phone_number, password_hash, role, version, not_before_us, enabled, "
    "deleted_us, created_us, updated_us, email_checked, new_email, hand_over_to";
// Tokens carry full seconds: what was issued in this one, before the change, must not count either.
// A log-in of a coming second, right after another change, must end with the next change, too.
constexpr std::string_view kNextSecond =
    "CASE WHEN not_before_us > movio_now_us() THEN not_before_us + 1000000 "
    "ELSE (movio_now_us() / 1000000 + 1) * 1000000 END";

User user_of(const SqlRow& row) {
    User user;
    user.id = UserId::parse(row.text(0)).value();
    user.first_name = row.text(1);
    user.last_name = row.text(2);
    user.username = row.text_or_null(3);
    user.email = row.text_or_null(4).value_or("");
    user.phone_number = row.text_or_null(5);
    user.password_hash = row.text_or_null(6);
    user.role = access::role_from_text(row.text(7));
    user.version = row.integer(8);
    user.not_before_us = row.integer(9);
    user.enabled = row.flag(10);
    user.deleted_us = row.integer_or_null(11);
    user.created_us = row.integer(12);
    user.updated_us = row.integer(13);
    user.email_checked = row.flag(14);
    user.new_email = row.text_or_null(15);
    if (const auto heir = row.text_or_null(16)) user.hand_over_to = UserId::parse(*heir);
    return user;
}

std::optional<User> one(const SqlResult& result) {
    return result.empty() ? std::nullopt : std::optional(user_of(result.rows.front()));
}

std::vector<User> all(const SqlResult& result) {
    std::vector<User> users;
    users.reserve(result.rows.size());
    for (const auto& row : result.rows) users.push_back(user_of(row));
    return users;
}

std::optional<User> find_where(SqlSession& session, std::string_view condition, SqlValue value) {
    return one(session.run(fmt::format("SELECT {} FROM users WHERE {}", kColumns, condition), {std::move(value)}));
}

}  // namespace

std::optional<User> insert_user(SqlSession& session, const User& user) {
    return one(session.run(
        fmt::format("INSERT INTO users (id, first_name, last_name, username, email, email_key, phone_number, "
                    "password_hash, role, email_checked, created_us, updated_us) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, movio_now_us(), movio_now_us()) "
                    "ON CONFLICT DO NOTHING RETURNING {}",
                    kColumns),
        {sql(user.id.text()), sql(user.first_name), sql(user.last_name), sql(user.username), sql(user.email),
         sql(email_key(user.email)), sql(user.phone_number), sql(user.password_hash), sql(to_text(user.role)),
         sql(user.email_checked)}));
}

std::optional<User> find_user(SqlSession& session, UserId id) { return find_where(session, "id = $1", sql(id.text())); }

std::optional<User> lock_user(SqlSession& session, UserId id) {
    // SQLite has one writer, who waits for nobody.
    const bool lock = session.dialect() == SqlDialect::postgres;
    return find_where(session, lock ? "id = $1 FOR UPDATE" : "id = $1", sql(id.text()));
}

bool username_taken(SqlSession& session, std::string_view username) {
    return !session.run("SELECT 1 FROM users WHERE username = $1", {sql(username)}).empty();
}

bool email_taken(SqlSession& session, std::string_view email) {
    return !session.run("SELECT 1 FROM users WHERE email = $1", {sql(email)}).empty();
}

std::optional<User> find_by_username(SqlSession& session, std::string_view username) {
    return find_where(session, "username = $1", sql(username));
}

std::optional<User> find_by_email(SqlSession& session, std::string_view email) {
    if (auto exact = find_where(session, "email = $1", sql(email))) return exact;
    const auto alike = session.run(fmt::format("SELECT {} FROM users WHERE email_key = $1 LIMIT 2", kColumns),
                                   {sql(email_key(email))});
    return alike.rows.size() == 1 ? one(alike) : std::nullopt;
}

std::vector<User> list_users(SqlSession& session, const std::optional<UserId>& after, int limit) {
    // Ids are texts of hexadecimal digits, so all of them lie behind the empty one.
    const auto result = session.run(fmt::format("SELECT {} FROM users WHERE id > $1 ORDER BY id LIMIT $2", kColumns),
                                    {sql(after ? after->text() : std::string()), sql(limit)});
    return all(result);
}

std::vector<User> find_users(SqlSession& session, const UserQuery& query) {
    std::vector<SqlValue> arguments;
    const auto value = [&](SqlValue one) {
        arguments.push_back(std::move(one));
        return fmt::format("${}", arguments.size());
    };
    std::string condition = query.state == UserState::deleted ? "deleted_us IS NOT NULL" : "deleted_us IS NULL";
    if (query.state == UserState::enabled) condition += " AND enabled = 1";
    if (query.state == UserState::disabled) condition += " AND enabled = 0";
    if (query.role) condition += " AND role = " + value(sql(to_text(*query.role)));
    if (query.after) condition += " AND id < " + value(sql(query.after->text()));
    if (!query.text.empty())
        condition += fmt::format(
            " AND lower(first_name || ' ' || last_name || ' ' || COALESCE(username, '') || ' ' || COALESCE(email, '')) "
            "LIKE {} ESCAPE '\\'",
            value(sql(like_part(query.text))));
    const auto limit = value(sql(query.limit));
    const auto statement =
        fmt::format("SELECT {} FROM users WHERE {} ORDER BY id DESC LIMIT {}", kColumns, condition, limit);
    return all(session.run(statement, arguments));
}

std::optional<User> first_admin(SqlSession& session) {
    return one(
        session.run(fmt::format("SELECT {} FROM users WHERE role = 'admin' AND deleted_us IS NULL "
                                "ORDER BY created_us, id LIMIT 1",
                                kColumns)));
}

bool has_working_admin(SqlSession& session) {
    return !session
                .run(
                    "SELECT 1 FROM users WHERE role = 'admin' AND deleted_us IS NULL AND enabled = 1 "
                    "AND password_hash IS NOT NULL LIMIT 1")
                .empty();
}

bool is_last_working_admin(SqlSession& session, UserId id) {
    const auto working = session.run(
        "SELECT id FROM users WHERE role = 'admin' AND deleted_us IS NULL AND enabled = 1 "
        "AND password_hash IS NOT NULL ORDER BY id = $1 LIMIT 1",
        {sql(id.text())});
    return !working.empty() && working.rows.front().text(0) == id.text();
}

std::optional<User> set_phone_number(SqlSession& session, UserId id, const std::optional<std::string>& number) {
    return one(session.run(fmt::format("UPDATE users SET phone_number = $2, version = version + 1, "
                                       "updated_us = movio_now_us() WHERE id = $1 AND deleted_us IS NULL RETURNING {}",
                                       kColumns),
                           {sql(id.text()), sql(number)}));
}

std::optional<User> set_role(SqlSession& session, UserId id, Role role) {
    return one(session.run(fmt::format("UPDATE users SET role = $2, version = version + 1, "
                                       "updated_us = movio_now_us() WHERE id = $1 AND deleted_us IS NULL RETURNING {}",
                                       kColumns),
                           {sql(id.text()), sql(to_text(role))}));
}

std::optional<User> end_log_ins(SqlSession& session, UserId id) {
    return one(session.run(fmt::format("UPDATE users SET not_before_us = {}, version = version + 1, "
                                       "updated_us = movio_now_us() WHERE id = $1 AND deleted_us IS NULL RETURNING {}",
                                       kNextSecond, kColumns),
                           {sql(id.text())}));
}

std::optional<User> set_password(SqlSession& session, UserId id, const std::string& hash) {
    return one(session.run(fmt::format("UPDATE users SET password_hash = $2, not_before_us = {}, "
                                       "version = version + 1, updated_us = movio_now_us() "
                                       "WHERE id = $1 AND deleted_us IS NULL RETURNING {}",
                                       kNextSecond, kColumns),
                           {sql(id.text()), sql(hash)}));
}

std::optional<User> remove_password(SqlSession& session, UserId id) {
    return one(session.run(fmt::format("UPDATE users SET password_hash = NULL, new_email = NULL, email_checked = 1, "
                                       "not_before_us = {}, version = version + 1, updated_us = movio_now_us() "
                                       "WHERE id = $1 AND deleted_us IS NULL RETURNING {}",
                                       kNextSecond, kColumns),
                           {sql(id.text())}));
}

void set_new_email(SqlSession& session, UserId id, const std::optional<std::string>& email) {
    session.run("UPDATE users SET new_email = $2 WHERE id = $1 AND deleted_us IS NULL", {sql(id.text()), sql(email)});
}

std::optional<User> set_checked_email(SqlSession& session, UserId id, const std::string& email) {
    return one(session.run(fmt::format("UPDATE users SET email = $2, email_key = $3, new_email = NULL, "
                                       "email_checked = 1, version = version + 1, updated_us = movio_now_us() "
                                       "WHERE id = $1 AND deleted_us IS NULL "
                                       "AND NOT EXISTS (SELECT 1 FROM users other WHERE other.email = $2 "
                                       "AND other.id <> $1) RETURNING {}",
                                       kColumns),
                           {sql(id.text()), sql(email), sql(email_key(email))}));
}

std::optional<User> set_enabled(SqlSession& session, UserId id, bool enabled) {
    return one(session.run(fmt::format("UPDATE users SET enabled = $2, not_before_us = {}, "
                                       "version = version + 1, updated_us = movio_now_us() "
                                       "WHERE id = $1 AND deleted_us IS NULL RETURNING {}",
                                       enabled ? "not_before_us" : kNextSecond, kColumns),
                           {sql(id.text()), sql(enabled)}));
}

std::optional<User> erase_user(SqlSession& session, UserId id, const std::optional<UserId>& hand_over_to) {
    return one(session.run(
        fmt::format(
            "UPDATE users SET first_name = '', last_name = '', username = NULL, email = NULL, email_key = NULL, "
            "new_email = NULL, phone_number = NULL, password_hash = NULL, role = 'viewer', enabled = 0, "
            "not_before_us = {}, version = version + 1, deleted_us = movio_now_us(), updated_us = movio_now_us(), "
            "hand_over_to = $2 "
            "WHERE id = $1 AND deleted_us IS NULL RETURNING {}",
            kNextSecond, kColumns),
        {sql(id.text()), sql(hand_over_to ? std::optional(hand_over_to->text()) : std::nullopt)}));
}

void replace_hash(SqlSession& session, UserId id, const std::string& old_hash, const std::string& new_hash) {
    session.run("UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
                {sql(id.text()), sql(old_hash), sql(new_hash)});
}

}  // namespace movio::accounts
