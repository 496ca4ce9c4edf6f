#pragma once
#include <functional>
#include <string>

#include "accounts/invites.hpp"
#include "http/router.hpp"

namespace movio::app {

// What `movio user invite|invites|uninvite` ask over the admin socket: POST and GET /admin/invites, POST
// /admin/invites/ {id}/revoke. `address` is where this server is reached; empty when it does not listen.
void add_admin_invite_endpoints(http::Router& router, accounts::Invites& invites, std::function<std::string()> address);

}  // namespace movio::app
