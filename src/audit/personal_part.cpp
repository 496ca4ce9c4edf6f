#include "audit/personal_part.hpp"

#include "base/clock.hpp"

namespace movio::audit {
namespace {

void write_entry(JsonWriter& json, const SqlRow& row, SqlSession&) {
    json.begin_object()
        .member("id", row.text(0))
        .member("at", rfc3339(row.integer(1)))
        .member("by", row.text(2))
        .member("address", row.text(3))
        .member("action", row.text(4))
        .member("subject", row.text(5))
        .member("outcome", row.text(6))
        .key("detail")
        .raw(row.text(7))
        .end_object();
}

}  // namespace

PersonalPart personal_part(Database& database, std::string name) {
    // Ids begin with their time (RFC 9562 §5.7), so this is their order, too.
    return personal_list(database, std::move(name),
                         "SELECT id, at_us, actor_kind, address, action, subject, outcome, detail FROM audit "
                         "WHERE actor_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                         &write_entry);
}

}  // namespace movio::audit
