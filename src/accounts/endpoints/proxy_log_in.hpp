#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/outside_log_ins.hpp"
#include "http/router.hpp"

namespace movio::accounts {

// The fields in which a trusted proxy names who asks. The server drops them from requests of anybody else.
struct ProxyHeaders {
    std::string user;    // an e-mail address; empty: nobody logs in so
    std::string name;    // empty: it tells none
    std::string groups;  // the same
};

inline constexpr std::string_view kProxyLogInPath = "/api/v2/proxy/log-in";

// Names between semicolons where there is one, else between commas: those of LDAP hold commas.
std::vector<std::string> split_groups(std::string_view text);

// GET /api/v2/proxy/log-in. `people` outlives the router.
void add_proxy_log_in_endpoint(http::Router& router, OutsideLogIns& people, ProxyHeaders headers);

}  // namespace movio::accounts
