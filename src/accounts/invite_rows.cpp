#include "accounts/invite_rows.hpp"

#include <fmt/format.h>

#include "accounts/user_rows.hpp"

namespace movio::accounts {
namespace {

constexpr std::string_view kColumns = "id, role, email, first_admin, invited_by, created_us, expires_us";
constexpr std::string_view kOpen = "used_us IS NULL AND expires_us > movio_now_us()";

Invite invite_of(const SqlRow& row) {
    Invite invite;
    invite.id = InviteId::parse(row.text(0)).value();
    invite.role = access::role_from_text(row.text(1));
    invite.email = row.text_or_null(2);
    invite.first_admin = row.flag(3);
    if (const auto by = row.text_or_null(4)) invite.invited_by = UserId::parse(*by);
    invite.created_us = row.integer(5);
    invite.expires_us = row.integer(6);
    return invite;
}

std::optional<std::string> text_of(const std::optional<UserId>& id) {
    return id ? std::optional(id->text()) : std::nullopt;
}

}  // namespace

Invite insert_invite(SqlSession& session, const Invite& invite, const std::string& token_hash) {
    const auto made = session.run(
        fmt::format("INSERT INTO invites (id, token_hash, role, email, first_admin, invited_by, created_us, "
                    "expires_us) VALUES ($1, $2, $3, $4, $5, $6, movio_now_us(), $7) RETURNING {}",
                    kColumns),
        {sql(invite.id.text()), sql(token_hash), sql(to_text(invite.role)), sql(invite.email), sql(invite.first_admin),
         sql(text_of(invite.invited_by)), sql(invite.expires_us)});
    return invite_of(made.rows.at(0));
}

std::optional<Invite> find_open_invite(SqlSession& session, const std::string& token_hash) {
    const auto found = session.run(fmt::format("SELECT {} FROM invites WHERE token_hash = $1 AND {}", kColumns, kOpen),
                                   {sql(token_hash)});
    if (found.empty()) return std::nullopt;
    auto invite = invite_of(found.rows.front());
    if (invite.first_admin && has_working_admin(session)) return std::nullopt;
    return invite;
}

std::vector<Invite> list_open_invites(SqlSession& session, int limit) {
    const auto found = session.run(fmt::format("SELECT {} FROM invites WHERE first_admin = 0 AND {} "
                                               "ORDER BY created_us DESC, id DESC LIMIT $1",
                                               kColumns, kOpen),
                                   {sql(limit)});
    std::vector<Invite> invites;
    invites.reserve(found.rows.size());
    for (const auto& row : found.rows) invites.push_back(invite_of(row));
    return invites;
}

std::int64_t count_open_invites(SqlSession& session) {
    return session.run(fmt::format("SELECT COUNT(*) FROM invites WHERE {}", kOpen)).rows.at(0).integer(0);
}

bool use_invite(SqlSession& session, const std::string& token_hash, UserId by) {
    if (!find_open_invite(session, token_hash)) return false;
    return session
               .run(fmt::format("UPDATE invites SET used_us = movio_now_us(), used_by = $2 "
                                "WHERE token_hash = $1 AND {}",
                                kOpen),
                    {sql(token_hash), sql(by.text())})
               .changed == 1;
}

void reopen_invite(SqlSession& session, const std::string& token_hash, UserId by) {
    session.run("UPDATE invites SET used_us = NULL, used_by = NULL WHERE token_hash = $1 AND used_by = $2",
                {sql(token_hash), sql(by.text())});
}

bool remove_open_invite(SqlSession& session, InviteId id) {
    return session
               .run(fmt::format("DELETE FROM invites WHERE id = $1 AND first_admin = 0 AND {}", kOpen),
                    {sql(id.text())})
               .changed == 1;
}

void remove_first_admin_invites(SqlSession& session) {
    session.run("DELETE FROM invites WHERE first_admin = 1 AND used_us IS NULL");
}

void remove_ended_invites(SqlSession& session, std::int64_t before_us) {
    session.run("DELETE FROM invites WHERE COALESCE(used_us, expires_us) < $1", {sql(before_us)});
}

}  // namespace movio::accounts
