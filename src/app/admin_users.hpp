#pragma once
#include <functional>

#include "accounts/account_service.hpp"
#include "accounts/api_tokens.hpp"
#include "accounts/groups.hpp"
#include "audit/trail.hpp"
#include "http/router.hpp"

namespace movio::app {

struct AdminUserParts {
    accounts::AccountService* accounts = nullptr;
    std::function<Awaitable<Result<void>>()> rotate_keys;
    const access::KeyRing* keys = nullptr;
    accounts::ApiTokens* api_tokens = nullptr;
    accounts::Groups* groups = nullptr;
    audit::Trail* trail = nullptr;
};

// What `movio user` and `movio keys` ask over the admin socket: GET and POST /admin/users, POST /admin/users/{name}/
// disable|enable|delete|password|role|logout, GET and POST /admin/users/{name}/tokens, POST /admin/tokens/{id}/revoke,
// POST /admin/users-resync, POST /admin/keys/rotate.
void add_admin_user_endpoints(http::Router& router, AdminUserParts parts);

}  // namespace movio::app
