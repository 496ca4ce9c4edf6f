#pragma once
#include <string>
#include <vector>

#include "accounts/endpoints/proxy_log_in.hpp"
#include "accounts/log_in_ways.hpp"
#include "accounts/openid/options.hpp"
#include "app/settings.hpp"

namespace movio::app {

// `oidc.…`. Without an issuer nobody logs in so. Of values that outside_problems names: anything.
accounts::OpenIdOptions openid_options(const Settings& settings);
// `trusted_header.…`
accounts::ProxyHeaders proxy_headers(const Settings& settings);
// The names of those fields, without empty ones.
std::vector<std::string> proxy_header_names(const Settings& settings);
// What the page offers beside the password.
accounts::LogInWays log_in_ways(const Settings& settings);

// What is wrong with these settings, each in a sentence. Never says a secret.
std::vector<std::string> outside_problems(const Settings& settings);

}  // namespace movio::app
