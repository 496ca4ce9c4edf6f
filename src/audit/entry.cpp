#include "audit/entry.hpp"

namespace movio::audit {

std::string_view to_text(ActorKind kind) {
    switch (kind) {
        case ActorKind::user: return "user";
        case ActorKind::program: return "program";
        case ActorKind::stranger: return "stranger";
        case ActorKind::command: return "command";
        case ActorKind::system: return "system";
    }
    return "system";
}

std::string_view to_text(Outcome outcome) { return outcome == Outcome::done ? "done" : "refused"; }

void record(SqlSession& session, const Entry& entry) {
    session.run(
        "INSERT INTO audit (id, at_us, actor_kind, actor_id, address, action, subject, outcome, detail) "
        "VALUES ($1, movio_now_us(), $2, $3, $4, $5, $6, $7, $8)",
        {sql(Uuid::make().text()), sql(to_text(entry.by.kind)),
         sql(entry.by.user ? std::optional(entry.by.user->text()) : std::nullopt), sql(entry.by.address),
         sql(entry.action), sql(entry.subject), sql(to_text(entry.outcome)),
         sql(entry.detail.empty() ? std::string("{}") : entry.detail)});
}

}  // namespace movio::audit
