#include "accounts/account_standings.hpp"

#include "accounts/user_rows.hpp"

namespace movio::accounts {

Awaitable<std::optional<access::Standing>> AccountStandings::find(UserId user) {
    auto body = [user](SqlSession& session) { return find_user(session, user); };
    const auto found = co_await database_.read(body);
    if (!found) co_return std::nullopt;
    access::Standing standing;
    standing.not_before_us = found->not_before_us;
    standing.enabled = found->enabled && !found->deleted_us;
    standing.admin = found->role == Role::admin;
    co_return standing;
}

}  // namespace movio::accounts
