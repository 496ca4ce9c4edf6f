#include "accounts/group.hpp"

#include "base/clock.hpp"

namespace movio::accounts {

void write(JsonWriter& json, const Group& group) {
    json.begin_object()
        .member("id", group.id.text())
        .member("name", group.name)
        .member("kind", group.kind)
        .member("external_name", group.external_name)
        .member("members", group.members)
        .member("created_at", rfc3339(group.created_us))
        .end_object();
}

void write(JsonWriter& json, const GroupMember& member) {
    json.begin_object()
        .member("id", member.user.text())
        .member("name", member.name)
        .member("email", member.email)
        .member("added_at", rfc3339(member.added_us))
        .member("source", member.source)
        .end_object();
}

Event group_event(const Group& group, const std::vector<UserId>& members) {
    JsonWriter data;
    data.begin_object()
        .member("group_id", group.id.text())
        .member("version", group.version)
        .member("name", group.name)
        .member("kind", group.kind)
        .member("deleted", group.deleted)
        .key("members")
        .begin_array();
    for (const auto& member : members) data.value(member.text());
    data.end_array().end_object();
    Event event;
    event.type = "group.changed";
    event.data = data.take();
    return event;
}

}  // namespace movio::accounts
