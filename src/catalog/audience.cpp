#include "catalog/audience.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "catalog/report_rows.hpp"
#include "catalog/video_text.hpp"

namespace movio::catalog {
namespace {

std::optional<UserId> find_by_email(SqlSession& session, const std::string& email) {
    const auto found = session.run(
        "SELECT id FROM users WHERE lower(email) = lower($1) AND deleted = 0 ORDER BY id LIMIT 1", {sql(email)});
    return found.empty() ? std::nullopt : UserId::parse(found.rows.front().text(0));
}

std::vector<Group> groups_in(const SqlResult& found) {
    std::vector<Group> groups;
    groups.reserve(found.rows.size());
    for (const auto& row : found.rows)
        groups.push_back({GroupId::parse(row.text(0)).value(), row.text(1), row.text(2)});
    return groups;
}

bool may_choose(SqlSession& session, const Viewer& viewer, VideoId video, const std::string& group) {
    return !session
                .run(
                    "SELECT 1 FROM user_groups WHERE id = $1 AND deleted = 0 AND ($2 = 1 "
                    "OR EXISTS (SELECT 1 FROM group_members WHERE group_id = $1 AND user_id = $3) "
                    "OR EXISTS (SELECT 1 FROM video_groups WHERE group_id = $1 AND video_id = $4))",
                    {sql(group), sql(viewer.admin), sql_user(viewer), sql(video.text())})
                .empty();
}

}  // namespace

bool reaches(SqlSession& session, const Viewer& viewer, const Video& video) {
    if (viewer.link)
        return !session
                    .run("SELECT 1 FROM embed_links WHERE id = $1 AND video_id = $2 AND revoked = 0",
                         {sql(viewer.link->id.text()), sql(video.id.text())})
                    .empty();
    if (!viewer.user) return false;
    const std::array both{sql(video.id.text()), sql(viewer.user->text())};
    if (video.visibility == "shared")
        return !session.run("SELECT 1 FROM video_shares WHERE video_id = $1 AND user_id = $2", both).empty();
    if (video.visibility == "group")
        return !session
                    .run(
                        "SELECT 1 FROM video_groups JOIN group_members "
                        "ON group_members.group_id = video_groups.group_id "
                        "WHERE video_groups.video_id = $1 AND group_members.user_id = $2 LIMIT 1",
                        both)
                    .empty();
    return false;
}

std::vector<std::string> films_that_reach(SqlSession& session, const Viewer& viewer) {
    std::vector<std::string> films;
    if (!viewer.user) return films;
    // Ids of films sort by their age.
    const auto found = session.run(
        "SELECT video_shares.video_id FROM video_shares JOIN videos ON videos.id = video_shares.video_id "
        "WHERE video_shares.user_id = $1 AND videos.visibility = 'shared' "
        "UNION SELECT video_groups.video_id FROM group_members JOIN video_groups "
        "ON video_groups.group_id = group_members.group_id JOIN videos ON videos.id = video_groups.video_id "
        "WHERE group_members.user_id = $1 AND videos.visibility = 'group' ORDER BY 1 DESC LIMIT $2",
        {sql(viewer.user->text()), sql(limits::kReachedFilmsMax)});
    films.reserve(found.rows.size());
    for (const auto& row : found.rows) films.push_back(row.text(0));
    std::ranges::reverse(films);
    return films;
}

std::vector<Person> people_of(SqlSession& session, VideoId video) {
    std::vector<Person> people;
    const auto found = session.run(
        "SELECT users.id, users.first_name, users.last_name, users.email FROM video_shares "
        "JOIN users ON users.id = video_shares.user_id "
        "WHERE video_shares.video_id = $1 AND users.deleted = 0 ORDER BY users.email, users.id",
        {sql(video.text())});
    people.reserve(found.rows.size());
    for (const auto& row : found.rows)
        people.push_back(
            {UserId::parse(row.text(0)).value(), fmt::format("{} {}", row.text(1), row.text(2)), row.text(3)});
    return people;
}

Result<void> share_with(SqlSession& session, const Video& video, const std::vector<std::string>& emails) {
    std::vector<UserId> people;
    for (const auto& given : emails) {
        const std::string email(trimmed(given));
        const auto user = find_by_email(session, email);
        if (!user)
            return fail(ErrorCode::invalid, fmt::format("Nobody here has the e-mail address '{}'",
                                                        first_characters(email, limits::kEmailCharactersMax)));
        if (user->text() != video.owner_id) people.push_back(*user);
    }
    session.run("DELETE FROM video_shares WHERE video_id = $1", {sql(video.id.text())});
    for (const auto& user : people)
        session.run(
            "INSERT INTO video_shares (video_id, user_id, created_us) VALUES ($1, $2, movio_now_us()) "
            "ON CONFLICT (video_id, user_id) DO NOTHING",
            {sql(video.id.text()), sql(user.text())});
    return {};
}

void write(JsonWriter& json, const Group& group) {
    json.begin_object()
        .member("id", group.id.text())
        .member("name", group.name)
        .member("kind", group.kind)
        .end_object();
}

std::vector<Group> groups_to_choose(SqlSession& session, const Viewer& viewer) {
    if (!viewer.user) return {};
    return groups_in(
        session.run("SELECT id, name, kind FROM user_groups WHERE deleted = 0 AND ($1 = 1 OR EXISTS (SELECT 1 "
                    "FROM group_members WHERE group_members.group_id = user_groups.id AND group_members.user_id = $2)) "
                    "ORDER BY name, id LIMIT $3",
                    {sql(viewer.admin), sql_user(viewer), sql(limits::kGroupsMax)}));
}

std::vector<Group> groups_of(SqlSession& session, VideoId video) {
    return groups_in(session.run(
        "SELECT user_groups.id, user_groups.name, user_groups.kind FROM video_groups "
        "JOIN user_groups ON user_groups.id = video_groups.group_id "
        "WHERE video_groups.video_id = $1 AND user_groups.deleted = 0 ORDER BY user_groups.name, user_groups.id",
        {sql(video.text())}));
}

Result<std::vector<GroupId>> chosen_groups(SqlSession& session, const Viewer& viewer, VideoId video,
                                           const std::vector<std::string>& ids) {
    if (std::cmp_greater(ids.size(), limits::kFilmGroupsMax))
        return fail(ErrorCode::invalid, fmt::format("A video is for at most {} groups", limits::kFilmGroupsMax));
    std::vector<GroupId> groups;
    for (const auto& given : ids) {
        const auto id = GroupId::parse(trimmed(given));
        if (!id || !may_choose(session, viewer, video, id->text()))
            return fail(ErrorCode::invalid,
                        fmt::format("You are in no group '{}'", first_characters(trimmed(given), Uuid::kTextLength)));
        groups.push_back(*id);
    }
    return groups;
}

void set_groups(SqlSession& session, VideoId video, const std::vector<GroupId>& groups) {
    session.run("DELETE FROM video_groups WHERE video_id = $1", {sql(video.text())});
    for (const auto& group : groups)
        session.run(
            "INSERT INTO video_groups (video_id, group_id) VALUES ($1, $2) "
            "ON CONFLICT (video_id, group_id) DO NOTHING",
            {sql(video.text()), sql(group.text())});
}

void forget_person(SqlSession& session, UserId user) {
    session.run("DELETE FROM video_shares WHERE user_id = $1", {sql(user.text())});
    session.run("DELETE FROM group_members WHERE user_id = $1", {sql(user.text())});
    forget_reporter(session, user);
}

}  // namespace movio::catalog
