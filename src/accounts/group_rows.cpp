#include "accounts/group_rows.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"

namespace movio::accounts {
namespace {

constexpr std::string_view kColumns =
    "id, name, kind, version, created_us, deleted_us IS NOT NULL, "
    "(SELECT COUNT(*) FROM user_group_members WHERE user_group_members.group_id = user_groups.id), "
    "external_name";
constexpr std::string_view kMembers =
    "SELECT users.id, users.first_name, users.last_name, users.email, user_group_members.added_us, "
    "user_group_members.source FROM user_group_members JOIN users ON users.id = user_group_members.user_id "
    "WHERE user_group_members.group_id = $1 AND users.deleted_us IS NULL";

std::vector<Group> groups_where(SqlSession& session, std::string_view rest, std::initializer_list<SqlValue> values) {
    std::vector<Group> groups;
    const auto found = session.run(fmt::format("SELECT {} FROM user_groups WHERE {}", kColumns, rest), values);
    groups.reserve(found.rows.size());
    for (const auto& row : found.rows)
        groups.push_back({GroupId::parse(row.text(0)).value(), row.text(1), row.text(2), row.integer(3), row.integer(6),
                          row.integer(4), row.flag(5), row.text_or_null(7)});
    return groups;
}

std::optional<Group> one(std::vector<Group> groups) {
    return groups.empty() ? std::nullopt : std::optional(std::move(groups.front()));
}

std::vector<GroupMember> members(const SqlResult& found) {
    std::vector<GroupMember> members;
    members.reserve(found.rows.size());
    for (const auto& row : found.rows)
        members.push_back({UserId::parse(row.text(0)).value(), fmt::format("{} {}", row.text(1), row.text(2)),
                           row.text(3), row.integer(4), row.text(5)});
    return members;
}

}  // namespace

std::optional<Group> insert_group(SqlSession& session, const Group& group) {
    const auto made = session.run(
        "INSERT INTO user_groups (id, name, kind, external_name, created_us, updated_us) "
        "VALUES ($1, $2, $3, $4, movio_now_us(), movio_now_us()) ON CONFLICT DO NOTHING",
        {sql(group.id.text()), sql(group.name), sql(group.kind), sql(group.external_name)});
    return made.changed == 1 ? find_group(session, group.id) : std::nullopt;
}

std::optional<Group> find_group(SqlSession& session, GroupId id) {
    return one(groups_where(session, "id = $1 AND deleted_us IS NULL", {sql(id.text())}));
}

std::optional<Group> find_group_by_name(SqlSession& session, std::string_view name) {
    return one(groups_where(session, "name = $1 AND deleted_us IS NULL", {sql(name)}));
}

std::vector<Group> list_groups(SqlSession& session) {
    return groups_where(session, "deleted_us IS NULL ORDER BY name LIMIT $1", {sql(limits::kGroupsMax)});
}

std::vector<Group> list_groups_after(SqlSession& session, const std::optional<GroupId>& after, int limit) {
    return groups_where(session, "id > $1 ORDER BY id LIMIT $2",
                        {sql(after ? after->text() : std::string()), sql(limit)});
}

std::int64_t count_groups(SqlSession& session) {
    return session.run("SELECT COUNT(*) FROM user_groups WHERE deleted_us IS NULL").rows.at(0).integer(0);
}

void set_group_words(SqlSession& session, const Group& group) {
    session.run("UPDATE user_groups SET name = $2, kind = $3, external_name = $4 WHERE id = $1",
                {sql(group.id.text()), sql(group.name), sql(group.kind), sql(group.external_name)});
}

std::vector<std::pair<GroupId, std::string>> externally_named_groups(SqlSession& session) {
    std::vector<std::pair<GroupId, std::string>> groups;
    const auto found =
        session.run("SELECT id, external_name FROM user_groups WHERE external_name IS NOT NULL AND deleted_us IS NULL");
    groups.reserve(found.rows.size());
    for (const auto& row : found.rows) groups.emplace_back(GroupId::parse(row.text(0)).value(), row.text(1));
    return groups;
}

void erase_group(SqlSession& session, GroupId id) {
    session.run("DELETE FROM user_group_members WHERE group_id = $1", {sql(id.text())});
    session.run("UPDATE user_groups SET name = '', external_name = NULL, deleted_us = movio_now_us() WHERE id = $1",
                {sql(id.text())});
}

std::vector<GroupMember> members_of(SqlSession& session, GroupId group) {
    return members(session.run(fmt::format("{} ORDER BY users.email_key, users.email", kMembers), {sql(group.text())}));
}

std::vector<UserId> member_ids_of(SqlSession& session, GroupId group) {
    std::vector<UserId> ids;
    const auto found =
        session.run("SELECT user_id FROM user_group_members WHERE group_id = $1 ORDER BY user_id", {sql(group.text())});
    ids.reserve(found.rows.size());
    for (const auto& row : found.rows) ids.push_back(UserId::parse(row.text(0)).value());
    return ids;
}

std::optional<GroupMember> find_member(SqlSession& session, GroupId group, UserId user) {
    auto found =
        members(session.run(fmt::format("{} AND users.id = $2", kMembers), {sql(group.text()), sql(user.text())}));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<GroupId> groups_of(SqlSession& session, UserId user, std::string_view source) {
    std::vector<GroupId> groups;
    const auto found =
        session.run("SELECT group_id FROM user_group_members WHERE user_id = $1 AND source = $2 ORDER BY group_id",
                    {sql(user.text()), sql(source)});
    groups.reserve(found.rows.size());
    for (const auto& row : found.rows) groups.push_back(GroupId::parse(row.text(0)).value());
    return groups;
}

bool add_member(SqlSession& session, GroupId group, UserId user, std::string_view source) {
    const auto added = session.run(
        "INSERT INTO user_group_members (group_id, user_id, added_us, source) VALUES ($1, $2, movio_now_us(), $3) "
        "ON CONFLICT (group_id, user_id) DO NOTHING",
        {sql(group.text()), sql(user.text()), sql(source)});
    if (added.changed == 1) return true;
    // What people said counts more than what a log-in brought, which would take it away again.
    if (source == kMemberByHand || source == kMemberByList)
        session.run(
            "UPDATE user_group_members SET source = $3 WHERE group_id = $1 AND user_id = $2 "
            "AND source NOT IN ('hand', 'list')",
            {sql(group.text()), sql(user.text()), sql(source)});
    return false;
}

bool remove_member(SqlSession& session, GroupId group, UserId user) {
    return session
               .run("DELETE FROM user_group_members WHERE group_id = $1 AND user_id = $2",
                    {sql(group.text()), sql(user.text())})
               .changed == 1;
}

void tell_group(SqlSession& session, const ledger::Outbox& outbox, GroupId id) {
    session.run("UPDATE user_groups SET version = version + 1, updated_us = movio_now_us() WHERE id = $1",
                {sql(id.text())});
    const auto group = one(groups_where(session, "id = $1", {sql(id.text())})).value();
    outbox.append(session, group_event(group, member_ids_of(session, id)));
}

void leave_all_groups(SqlSession& session, const ledger::Outbox& outbox, UserId user) {
    const auto left =
        session.run("DELETE FROM user_group_members WHERE user_id = $1 RETURNING group_id", {sql(user.text())});
    for (const auto& row : left.rows) tell_group(session, outbox, GroupId::parse(row.text(0)).value());
}

}  // namespace movio::accounts
