#pragma once
#include <string_view>

#include "accounts/openid/log_in.hpp"
#include "http/router.hpp"

namespace movio::accounts {

inline constexpr std::string_view kOpenIdBeginPath = "/api/v2/openid/begin";
inline constexpr std::string_view kOpenIdLogOutPath = "/api/v2/openid/log-out";

// GET /api/v2/openid/begin, /api/v2/openid/callback and /api/v2/openid/log-out. `log_in` outlives the router.
void add_openid_endpoints(http::Router& router, OpenIdLogIn& log_in);

}  // namespace movio::accounts
