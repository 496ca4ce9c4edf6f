#pragma once
#include "app/settings.hpp"
#include "base/result.hpp"
#include "catalog/quotas.hpp"

namespace movio::app {

// `quotas.by_role`. The error names the part that cannot be read.
Result<catalog::RoleQuotas> role_quotas(const Settings& settings);

// A limit as a person writes it: a whole number, not below zero.
std::optional<std::int64_t> parse_quota(std::string_view text);
// What becomes of a user's own limit, by the same or "none" or "role".
std::optional<std::optional<std::int64_t>> parse_own_quota(std::string_view text);

}  // namespace movio::app
