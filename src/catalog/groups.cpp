#include "catalog/groups.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "base/log.hpp"

namespace movio::catalog {
namespace {

// False when a later version is known, or that the group is gone.
bool take_words(SqlSession& session, GroupId id, const JsonView& data, bool deleted) {
    return session
               .run(
                   "INSERT INTO user_groups (id, version, name, kind, deleted) VALUES ($1, $2, $3, $4, $5) "
                   "ON CONFLICT (id) DO UPDATE SET version = $2, name = $3, kind = $4, deleted = $5 "
                   "WHERE user_groups.version <= $2 AND user_groups.deleted = 0",
                   {sql(id.text()), sql(data.integer_or("version", 0)), sql(data.text_or("name", "")),
                    sql(data.text_or("kind", "group")), sql(deleted)})
               .changed == 1;
}

std::set<std::string> members_told(const JsonView& data) {
    std::set<std::string> members;
    const auto list = data.find("members");
    for (std::size_t i = 0; list && i < list->size(); ++i)
        if (const auto user = UserId::parse(list->at(i).text().value_or(""))) members.insert(user->text());
    return members;
}

void take_members(SqlSession& session, GroupId id, std::set<std::string> members) {
    for (const auto& row :
         session.run("SELECT user_id FROM group_members WHERE group_id = $1", {sql(id.text())}).rows) {
        if (members.erase(row.text(0)) == 0)
            session.run("DELETE FROM group_members WHERE group_id = $1 AND user_id = $2",
                        {sql(id.text()), sql(row.text(0))});
    }
    // An event from before may still name somebody who is deleted.
    for (const auto& user : members)
        session.run(
            "INSERT INTO group_members (group_id, user_id) SELECT $1, $2 "
            "WHERE NOT EXISTS (SELECT 1 FROM users WHERE id = $2 AND deleted = 1)",
            {sql(id.text()), sql(user)});
}

std::vector<VideoId> films_for(SqlSession& session, GroupId id) {
    std::vector<VideoId> films;
    const auto found =
        session.run("SELECT video_id FROM video_groups WHERE group_id = $1 ORDER BY video_id DESC LIMIT $2",
                    {sql(id.text()), sql(limits::kReachedFilmsMax)});
    films.reserve(found.rows.size());
    for (const auto& row : found.rows) films.push_back(VideoId::parse(row.text(0)).value());
    return films;
}

}  // namespace

void Groups::subscribe(EventBus& bus, const asio::any_io_executor& executor) {
    bus.subscribe("api-groups", {"group.changed"}, executor, [this](Event event) { return handle(std::move(event)); });
}

Awaitable<void> Groups::handle(Event event) {
    const auto data = data_of(event);
    const auto id = GroupId::parse(data.text_or("group_id", ""));
    if (!id) {
        log_error("an event of a group names none and is left out", {{"event_id", event.id.text()}});
        co_return;
    }
    const bool deleted = data.boolean_or("deleted", false);
    co_await database_.write([&](SqlSession& session) {
        if (!take_words(session, *id, data, deleted)) return;
        take_members(session, *id, deleted ? std::set<std::string>() : members_told(data));
        auto films = films_for(session, *id);
        if (deleted) session.run("DELETE FROM video_groups WHERE group_id = $1", {sql(id->text())});
        session.after_commit([this, films = std::move(films)] {
            for (const auto& film : films) watch_.changed(film);
        });
    });
}

}  // namespace movio::catalog
