#include "accounts/people.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "accounts/user_rows.hpp"
#include "base/clock.hpp"

namespace movio::accounts {
namespace {

constexpr std::array<std::pair<UserState, std::string_view>, 3> kStates{
    {{UserState::enabled, "enabled"}, {UserState::disabled, "disabled"}, {UserState::deleted, "deleted"}}};

std::map<std::string, std::int64_t> seen_of(SqlSession& session, const std::vector<User>& users) {
    if (users.empty()) return {};
    std::string list;
    std::vector<SqlValue> arguments;
    for (const auto& user : users) {
        arguments.push_back(sql(user.id.text()));
        list += (list.empty() ? "$" : ", $") + std::to_string(arguments.size());
    }
    std::map<std::string, std::int64_t> seen;
    for (const auto& row :
         session
             .run("SELECT user_id, MAX(used_us) FROM sessions WHERE user_id IN (" + list + ") GROUP BY user_id",
                  arguments)
             .rows)
        seen[row.text(0)] = row.integer(1);
    return seen;
}

std::vector<ListedUser> listed(SqlSession& session, std::vector<User> users) {
    const auto seen = seen_of(session, users);
    std::vector<ListedUser> all;
    all.reserve(users.size());
    for (auto& user : users) {
        const auto found = seen.find(user.id.text());
        all.push_back({std::move(user), found == seen.end() ? std::nullopt : std::optional(found->second)});
    }
    return all;
}

}  // namespace

std::string_view to_text(UserState state) {
    return std::ranges::find(kStates, state, &decltype(kStates)::value_type::first)->second;
}

std::optional<UserState> user_state_from_text(std::string_view text) {
    const auto found = std::ranges::find(kStates, text, &decltype(kStates)::value_type::second);
    return found == kStates.end() ? std::nullopt : std::optional(found->first);
}

UserState state_of(const User& user) {
    if (user.deleted_us) return UserState::deleted;
    return user.enabled ? UserState::enabled : UserState::disabled;
}

void write(JsonWriter& json, const ListedUser& listed) {
    const auto& user = listed.user;
    json.begin_object()
        .member("id", user.id.text())
        .member("first_name", user.first_name)
        .member("last_name", user.last_name)
        .member("username", user.username)
        .member("email", user.email)
        .member("email_checked", user.email_checked)
        .member("role", to_text(user.role))
        .member("state", to_text(state_of(user)))
        .member("created_at", rfc3339(user.created_us))
        .member("seen_at", listed.seen_us ? std::optional(rfc3339(*listed.seen_us)) : std::nullopt)
        .end_object();
}

Awaitable<UserPage> People::list(UserQuery query) {
    const auto limit = static_cast<std::size_t>(query.limit);
    ++query.limit;
    auto body = [&](SqlSession& session) { return listed(session, find_users(session, query)); };
    UserPage page;
    page.items = co_await database_.read(body);
    if (page.items.size() > limit) {
        page.items.resize(limit);
        page.next = page.items.back().user.id;
    }
    co_return page;
}

Awaitable<std::optional<ListedUser>> People::find(UserId id) {
    auto body = [id](SqlSession& session) -> std::optional<ListedUser> {
        auto user = find_user(session, id);
        if (!user) return std::nullopt;
        std::vector<User> one;
        one.push_back(std::move(*user));
        return std::move(listed(session, std::move(one)).front());
    };
    co_return co_await database_.read(body);
}

}  // namespace movio::accounts
