#pragma once
#include "accounts/invites.hpp"
#include "http/router.hpp"

namespace movio::accounts {

// GET /api/v2/signup (who may make an account), POST /api/v2/invite (what a token is good for), and for administrators
// POST and GET /api/v2/invites, DELETE /api/v2/invites/{id}. The service outlives the router.
void add_invite_endpoints(http::Router& router, Invites& invites);

// The page on which an invited person makes the account. The token stands behind the '#', which browsers keep to
// themselves: no log and no other site gets to know it.
std::string invite_page(std::string_view base_url, std::string_view token);

}  // namespace movio::accounts
