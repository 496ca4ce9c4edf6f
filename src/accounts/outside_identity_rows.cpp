#include "accounts/outside_identity_rows.hpp"

namespace movio::accounts {

std::optional<OutsideIdentity> find_outside_identity(SqlSession& session, const std::string& issuer,
                                                     const std::string& subject) {
    const auto found = session.run("SELECT user_id, role FROM outside_identities WHERE issuer = $1 AND subject = $2",
                                   {sql(issuer), sql(subject)});
    if (found.empty()) return std::nullopt;
    OutsideIdentity identity;
    identity.user = UserId::parse(found.rows.front().text(0)).value();
    if (const auto role = found.rows.front().text_or_null(1)) identity.role = access::known_role(*role);
    return identity;
}

bool has_outside_identity(SqlSession& session, UserId user, const std::string& issuer) {
    return !session
                .run("SELECT 1 FROM outside_identities WHERE user_id = $1 AND issuer = $2",
                     {sql(user.text()), sql(issuer)})
                .empty();
}

void insert_outside_identity(SqlSession& session, const OutsidePerson& person, UserId user) {
    session.run(
        "INSERT INTO outside_identities (issuer, subject, user_id, created_us, used_us) "
        "VALUES ($1, $2, $3, movio_now_us(), movio_now_us())",
        {sql(person.issuer), sql(person.subject), sql(user.text())});
}

void use_outside_identity(SqlSession& session, const OutsidePerson& person, const std::optional<Role>& role) {
    session.run("UPDATE outside_identities SET used_us = movio_now_us(), role = $3 WHERE issuer = $1 AND subject = $2",
                {sql(person.issuer), sql(person.subject), role ? sql(to_text(*role)) : SqlValue{}});
}

void remove_outside_identities(SqlSession& session, UserId user) {
    session.run("DELETE FROM outside_identities WHERE user_id = $1", {sql(user.text())});
}

}  // namespace movio::accounts
