#pragma once
#include "accounts/groups.hpp"
#include "http/router.hpp"

namespace movio::app {

// What `movio group` asks over the admin socket: GET and POST /admin/groups, POST /admin/groups/{group}/delete and
// …/change, GET /admin/groups/{group}/members, POST /admin/groups/{group}/members, …/remove-member and …/import. Groups
// are named by id or name, members by e-mail address.
void add_admin_group_endpoints(http::Router& router, accounts::Groups& groups);

}  // namespace movio::app
