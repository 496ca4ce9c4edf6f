#pragma once
#include "accounts/groups.hpp"
#include "http/router.hpp"

namespace movio::accounts {

// For administrators: GET and POST /api/v2/groups, PATCH and DELETE /api/v2/groups/{id}, GET, POST and PUT
// /api/v2/groups/{id}/members, DELETE /api/v2/groups/{id}/members/{user}. The service outlives the router.
void add_group_endpoints(http::Router& router, Groups& groups);

}  // namespace movio::accounts
