#pragma once
#include "accounts/account_service.hpp"
#include "accounts/people.hpp"
#include "http/router.hpp"

namespace movio::accounts {

// For administrators: GET /api/v2/admin/users, GET, PATCH and DELETE …/users/{id}, POST …/users/{id}/logout. Nobody
// takes their own rights or account by these, so that an administrator stays.
void add_people_endpoints(http::Router& router, People& people, AccountService& accounts);

}  // namespace movio::accounts
