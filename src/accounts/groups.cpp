#include "accounts/groups.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "accounts/fields.hpp"
#include "accounts/group_rows.hpp"
#include "accounts/member_list.hpp"
#include "accounts/user_rows.hpp"
#include "base/limits.hpp"

namespace movio::accounts {
namespace {

constexpr int kResyncBatch = 20;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

Result<std::string> tidy_name(std::string_view given) {
    std::string name(strip(given));
    const auto characters = count_characters(name);
    if (characters == 0 || characters > limits::kGroupNameMax || std::ranges::any_of(name, is_control))
        return fail(ErrorCode::invalid,
                    fmt::format("A group has a name of 1 to {} characters, on one line", limits::kGroupNameMax));
    return name;
}

Result<std::optional<std::string>> tidy_external_name(std::string_view given) {
    std::string name(strip(given));
    if (name.empty()) return std::nullopt;
    if (count_characters(name) > limits::kOutsideNameMax || std::ranges::any_of(name, is_control))
        return fail(ErrorCode::invalid,
                    fmt::format("An external name has at most {} characters, on one line", limits::kOutsideNameMax));
    return name;
}

Result<std::string> known_kind(std::string kind) {
    if (std::ranges::find(kGroupKinds, kind) != kGroupKinds.end()) return kind;
    return fail(ErrorCode::invalid, fmt::format("A group is one of: {}", fmt::join(kGroupKinds, ", ")));
}

// The group as it is to be.
Result<Group> with(Group group, const GroupChange& change) {
    if (change.name) {
        auto name = tidy_name(*change.name);
        if (!name) return std::unexpected(std::move(name.error()));
        group.name = std::move(*name);
    }
    if (change.kind) {
        auto kind = known_kind(*change.kind);
        if (!kind) return std::unexpected(std::move(kind.error()));
        group.kind = std::move(*kind);
    }
    if (change.external_name) {
        auto name = tidy_external_name(*change.external_name);
        if (!name) return std::unexpected(std::move(name.error()));
        group.external_name = std::move(*name);
    }
    return group;
}

std::unexpected<Error> no_such_group(GroupId id) {
    return fail(ErrorCode::not_found, fmt::format("There is no group {}", id.text()));
}

std::unexpected<Error> name_taken(std::string_view name) {
    return fail(ErrorCode::conflict, fmt::format("There is a group '{}' already", name));
}

Error unknown_people(std::vector<std::string> emails) {
    const auto all = emails.size();
    emails.resize(std::min(all, limits::kUnknownPeopleTold));
    auto text = fmt::format("Nobody here has the e-mail address {}", fmt::join(emails, ", "));
    if (emails.size() < all) text += fmt::format(" and {} more of the list", all - emails.size());
    return {ErrorCode::invalid, text + "; nothing was changed", {}};
}

void record(SqlSession& session, const audit::Actor& by, std::string action, GroupId group, std::string detail = {}) {
    audit::record(
        session,
        {.by = by, .action = "group." + std::move(action), .subject = group.text(), .detail = std::move(detail)});
}

std::string member_detail(UserId user) {
    JsonWriter json;
    json.begin_object().member("user", user.text()).end_object();
    return json.take();
}

std::string put_detail(const MembersPut& put) {
    JsonWriter json;
    json.begin_object().member("added", put.added).member("removed", put.removed).end_object();
    return json.take();
}

// The users of these addresses; `invalid` with those that nobody has.
Result<std::set<UserId>> users_of(SqlSession& session, const std::vector<std::string>& emails) {
    std::set<UserId> users;
    std::vector<std::string> unknown;
    for (const auto& email : emails) {
        if (const auto user = find_by_email(session, email))
            users.insert(user->id);
        else
            unknown.push_back(email);
    }
    if (!unknown.empty()) return std::unexpected(unknown_people(std::move(unknown)));
    return users;
}

}  // namespace

Awaitable<Result<Group>> Groups::make(std::string name, std::string kind, std::string external_name, audit::Actor by) {
    auto group = with({}, {std::move(name), std::move(kind), std::move(external_name)});
    if (!group) co_return std::unexpected(std::move(group.error()));
    group->id = GroupId::make();
    co_return co_await database_.write([&](SqlSession& session) -> Result<Group> {
        if (count_groups(session) >= limits::kGroupsMax)
            return fail(ErrorCode::conflict,
                        fmt::format("There are {} groups already; delete some", limits::kGroupsMax));
        auto made = insert_group(session, *group);
        if (!made) return name_taken(group->name);
        outbox_.append(session, group_event(*made, {}));
        record(session, by, "made", made->id);
        return std::move(*made);
    });
}

Awaitable<Result<Group>> Groups::change(GroupId id, GroupChange change, audit::Actor by) {
    // Before anything is looked up.
    if (auto valid = with({}, change); !valid) co_return std::unexpected(std::move(valid.error()));
    co_return co_await database_.write([&](SqlSession& session) -> Result<Group> {
        const auto before = find_group(session, id);
        if (!before) return no_such_group(id);
        const auto wanted = with(*before, change).value();
        if (const auto other = find_group_by_name(session, wanted.name); other && other->id != id)
            return name_taken(wanted.name);
        const bool told = wanted.name != before->name || wanted.kind != before->kind;
        if (!told && wanted.external_name == before->external_name) return *before;
        set_group_words(session, wanted);
        // Others hear nothing of the external name.
        if (told) tell_group(session, outbox_, id);
        record(session, by, "changed", id);
        return find_group(session, id).value();
    });
}

Awaitable<Result<void>> Groups::remove(GroupId id, audit::Actor by) {
    co_return co_await database_.write([&](SqlSession& session) -> Result<void> {
        if (!find_group(session, id)) return no_such_group(id);
        erase_group(session, id);
        tell_group(session, outbox_, id);
        record(session, by, "deleted", id);
        return {};
    });
}

Awaitable<std::vector<Group>> Groups::list() {
    co_return co_await database_.read([](SqlSession& session) { return list_groups(session); });
}

Awaitable<Result<Group>> Groups::find_named(std::string name) {
    auto found = co_await database_.read([&](SqlSession& session) {
        const auto id = GroupId::parse(name);
        auto group = id ? find_group(session, *id) : std::nullopt;
        return group ? std::move(group) : find_group_by_name(session, strip(name));
    });
    if (!found)
        co_return fail(ErrorCode::not_found,
                       fmt::format("There is no group '{}'; `movio group list` shows them", name));
    co_return std::move(*found);
}

Awaitable<Result<std::vector<GroupMember>>> Groups::members(GroupId id) {
    co_return co_await database_.read([id](SqlSession& session) -> Result<std::vector<GroupMember>> {
        if (!find_group(session, id)) return no_such_group(id);
        return members_of(session, id);
    });
}

Awaitable<Result<GroupMember>> Groups::add_member(GroupId id, std::string email, audit::Actor by) {
    co_return co_await database_.write([&](SqlSession& session) -> Result<GroupMember> {
        const auto group = find_group(session, id);
        if (!group) return no_such_group(id);
        const auto users = users_of(session, {std::string(strip(email))});
        if (!users) return std::unexpected(users.error());
        const auto user = *users->begin();
        if (find_member(session, id, user)) {
            accounts::add_member(session, id, user, kMemberByHand);
            return find_member(session, id, user).value();
        }
        if (group->members >= limits::kGroupMembersMax)
            return fail(ErrorCode::conflict, fmt::format("A group has at most {} members", limits::kGroupMembersMax));
        accounts::add_member(session, id, user, kMemberByHand);
        tell_group(session, outbox_, id);
        record(session, by, "member_added", id, member_detail(user));
        return find_member(session, id, user).value();
    });
}

Awaitable<Result<void>> Groups::remove_member(GroupId id, UserId user, audit::Actor by) {
    co_return co_await database_.write([&](SqlSession& session) -> Result<void> {
        if (!find_group(session, id)) return no_such_group(id);
        if (!accounts::remove_member(session, id, user))
            return fail(ErrorCode::not_found, fmt::format("The group has no member {}", user.text()));
        tell_group(session, outbox_, id);
        record(session, by, "member_removed", id, member_detail(user));
        return {};
    });
}

Awaitable<Result<MembersPut>> Groups::put_members(GroupId id, std::string csv, audit::Actor by) {
    const auto emails = read_member_list(csv);
    if (!emails) co_return std::unexpected(emails.error());
    co_return co_await database_.write([&](SqlSession& session) -> Result<MembersPut> {
        if (!find_group(session, id)) return no_such_group(id);
        const auto users = users_of(session, *emails);
        if (!users) return std::unexpected(users.error());
        MembersPut put;
        for (const auto& member : member_ids_of(session, id))
            if (!users->contains(member) && accounts::remove_member(session, id, member)) ++put.removed;
        for (const auto& user : *users)
            if (accounts::add_member(session, id, user, kMemberByList)) ++put.added;
        put.members = std::ssize(*users);
        if (put.added == 0 && put.removed == 0) return put;
        tell_group(session, outbox_, id);
        record(session, by, "members_put", id, put_detail(put));
        return put;
    });
}

Awaitable<void> Groups::resync() {
    std::optional<GroupId> after;
    for (;;) {
        const auto groups = co_await database_.write([&](SqlSession& session) {
            auto some = list_groups_after(session, after, kResyncBatch);
            for (const auto& group : some)
                outbox_.append(session, group_event(group, member_ids_of(session, group.id)));
            return some;
        });
        if (groups.size() < static_cast<std::size_t>(kResyncBatch)) co_return;
        after = groups.back().id;
    }
}

}  // namespace movio::accounts
