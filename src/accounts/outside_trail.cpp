#include "accounts/outside_trail.hpp"

#include "accounts/outside_identity_rows.hpp"
#include "accounts/user_rows.hpp"
#include "base/json.hpp"

namespace movio::accounts {
namespace {

JsonWriter begin_detail(const OutsidePerson& person) {
    JsonWriter json;
    json.begin_object().member("by", to_text(person.by));
    return json;
}

std::string subject_of(SqlSession& session, const OutsidePerson& person) {
    if (const auto known = find_outside_identity(session, person.issuer, person.subject)) return known->user.text();
    const auto user = person.email.empty() ? std::nullopt : find_by_email(session, person.email);
    return user ? user->id.text() : "";
}

}  // namespace

void OutsideTrail::made(const User& user) const {
    auto detail = begin_detail(person_).member("role", to_text(user.role)).end_object().take();
    audit::record(session_,
                  {.by = by_system(), .action = "user.added", .subject = user.id.text(), .detail = std::move(detail)});
}

void OutsideTrail::linked(const User& user, bool claimed) const {
    auto detail = begin_detail(person_).member("claimed", claimed).end_object().take();
    audit::record(session_,
                  {.by = by_system(), .action = "user.linked", .subject = user.id.text(), .detail = std::move(detail)});
}

void OutsideTrail::role_set(const User& user) const {
    auto detail = begin_detail(person_).member("role", to_text(user.role)).end_object().take();
    audit::record(session_,
                  {.by = by_system(), .action = "user.role", .subject = user.id.text(), .detail = std::move(detail)});
}

void OutsideTrail::let_in(const User& user) const {
    audit::record(session_, {.by = {.kind = audit::ActorKind::user, .user = user.id, .address = address_},
                             .action = "log_in",
                             .subject = user.id.text(),
                             .detail = begin_detail(person_).end_object().take()});
}

void OutsideTrail::refused(OutsideRefusal why) const {
    auto detail = begin_detail(person_).member("why", to_text(why)).end_object().take();
    audit::record(session_, {.by = {.kind = audit::ActorKind::stranger, .user = {}, .address = address_},
                             .action = "log_in",
                             .subject = subject_of(session_, person_),
                             .detail = std::move(detail),
                             .outcome = audit::Outcome::refused});
}

}  // namespace movio::accounts
