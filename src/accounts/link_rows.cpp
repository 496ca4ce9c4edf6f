#include "accounts/link_rows.hpp"

#include <fmt/format.h>

namespace movio::accounts {
namespace {

// Of a link `l` and its user `u`.
std::string_view still_wanted(LinkPurpose purpose) {
    switch (purpose) {
        case LinkPurpose::password_reset: return "u.email = l.email AND u.not_before_us = l.not_before_us";
        case LinkPurpose::email_check:
            return "COALESCE(u.new_email, u.email) = l.email AND (u.email_checked = 0 OR u.new_email IS NOT NULL)";
    }
    return "1 = 0";
}

}  // namespace

std::optional<Link> put_link(SqlSession& session, Link link, const std::string& token_hash, std::chrono::seconds life) {
    const auto put = session.run(
        "INSERT INTO sent_links (user_id, purpose, id, token_hash, email, not_before_us, created_us, expires_us) "
        "VALUES ($1, $2, $3, $4, $5, $6, movio_now_us(), movio_now_us() + $7) "
        "ON CONFLICT (user_id, purpose) DO UPDATE SET id = excluded.id, token_hash = excluded.token_hash, "
        "email = excluded.email, not_before_us = excluded.not_before_us, created_us = excluded.created_us, "
        "expires_us = excluded.expires_us WHERE sent_links.id <= excluded.id RETURNING expires_us",
        {sql(link.user.text()), sql(to_text(link.purpose)), sql(link.id.text()), sql(token_hash), sql(link.email),
         sql(link.not_before_us), sql(std::chrono::microseconds(life).count())});
    if (put.empty()) return std::nullopt;
    link.expires_us = put.rows.front().integer(0);
    return link;
}

std::optional<Link> find_open_link(SqlSession& session, LinkPurpose purpose, const std::string& token_hash) {
    const auto found =
        session.run(fmt::format("SELECT l.id, l.user_id, l.email, l.not_before_us, l.expires_us FROM sent_links l "
                                "JOIN users u ON u.id = l.user_id WHERE l.purpose = $1 AND l.token_hash = $2 "
                                "AND l.expires_us > movio_now_us() AND u.enabled = 1 AND {}",
                                still_wanted(purpose)),
                    {sql(to_text(purpose)), sql(token_hash)});
    if (found.empty()) return std::nullopt;
    const auto& row = found.rows.front();
    Link link;
    link.id = LinkId::parse(row.text(0)).value();
    link.purpose = purpose;
    link.user = UserId::parse(row.text(1)).value();
    link.email = row.text(2);
    link.not_before_us = row.integer(3);
    link.expires_us = row.integer(4);
    return link;
}

void remove_link(SqlSession& session, UserId user, LinkPurpose purpose) {
    session.run("DELETE FROM sent_links WHERE user_id = $1 AND purpose = $2",
                {sql(user.text()), sql(to_text(purpose))});
}

void remove_links(SqlSession& session, UserId user) {
    session.run("DELETE FROM sent_links WHERE user_id = $1", {sql(user.text())});
}

void remove_ended_links(SqlSession& session) {
    session.run("DELETE FROM sent_links WHERE expires_us <= movio_now_us()");
}

}  // namespace movio::accounts
