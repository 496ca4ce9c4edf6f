#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "access/role.hpp"
#include "base/limits.hpp"

namespace movio::accounts {

// The provider, and what we are to it.
struct OpenIdOptions {
    std::string issuer;  // empty: nobody logs in so
    std::string client_id;
    std::string client_secret;  // empty: we are a public client (RFC 6749 §2.1), whom PKCE alone protects
    std::string scopes = "openid email profile";
    std::string groups_claim;                   // empty: it says nothing of groups
    std::string roles_claim;                    // only with roles
    std::map<std::string, access::Role> roles;  // by the values of that claim; empty: it grants none
    std::chrono::microseconds keys_again = limits::kProviderKeysAgain;
};

}  // namespace movio::accounts
