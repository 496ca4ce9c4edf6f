#pragma once
#include <optional>
#include <string_view>

namespace movio::access {

// What somebody may do here; each may what those before may.
enum class Role { viewer, uploader, moderator, admin };

std::string_view to_text(Role role);
// Exactly one of the four words.
std::optional<Role> known_role(std::string_view text);
// Of rows and events. Unknown text is `viewer`: nobody gets rights by a word that we do not know. `user`, the word of
// versions that knew but one role beside `admin`, is `uploader`.
Role role_from_text(std::string_view text);

bool may_upload(Role role);

}  // namespace movio::access
