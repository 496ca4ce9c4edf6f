#include "access/role.hpp"

namespace movio::access {

std::string_view to_text(Role role) {
    switch (role) {
        case Role::viewer: return "viewer";
        case Role::uploader: return "uploader";
        case Role::moderator: return "moderator";
        case Role::admin: return "admin";
    }
    return "viewer";
}

std::optional<Role> known_role(std::string_view text) {
    for (const auto role : {Role::viewer, Role::uploader, Role::moderator, Role::admin})
        if (text == to_text(role)) return role;
    return std::nullopt;
}

Role role_from_text(std::string_view text) {
    if (text == "user") return Role::uploader;
    return known_role(text).value_or(Role::viewer);
}

bool may_upload(Role role) { return role != Role::viewer; }

}  // namespace movio::access
