#pragma once
#include <optional>
#include <string_view>

#include "accounts/openid/options.hpp"
#include "accounts/outside_person.hpp"
#include "base/json.hpp"

namespace movio::accounts {

// A member by that name, else the one inside that a path with dots leads to ("realm_access.roles").
std::optional<JsonView> find_claim(const JsonView& claims, std::string_view name);

// Whether the claims of an ID token say all that person_of looks for, so that nothing more needs to be asked.
bool says_all(const JsonView& claims, const OpenIdOptions& options);

// Who it is by the claims of an ID token and, where they were asked for, of the provider's userinfo endpoint. An
// address and whether it is verified are taken from one of them, never one from each. A claim of groups or roles is a
// text or a list of texts; one that is not there is an empty list. Of several roles the highest counts.
OutsidePerson person_of(const JsonView& token, const std::optional<JsonView>& user_info, const OpenIdOptions& options);

}  // namespace movio::accounts
