#pragma once
#include <string_view>

#include "accounts/user.hpp"
#include "ports/event_bus.hpp"

namespace movio::accounts {

inline constexpr std::string_view kUserCreated = "user.created";
inline constexpr std::string_view kUserChanged = "user.changed";
inline constexpr std::string_view kUserDisabled = "user.disabled";
inline constexpr std::string_view kUserDeleted = "user.deleted";

// What other services hear of a user: {user_id, version, first_name, last_name, username, email, email_checked,
// phone_number, role, enabled, deleted, not_before_us}, of a deleted one whose films are somebody else's now also
// hand_over_to (a user's id). Whoever keeps it takes only a higher version.
Event user_event(std::string_view type, const User& user);

}  // namespace movio::accounts
