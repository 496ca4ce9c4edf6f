#pragma once
#include <map>
#include <optional>
#include <string>

#include "access/role.hpp"
#include "catalog/users.hpp"

namespace movio::catalog {

// What an upload gets of which nothing is said: one level for all, and others for some roles.
struct DefaultVisibility {
    std::string all = "public";
    std::map<access::Role, std::string> by_role = {};

    // Of somebody who is not heard of yet it is the narrowest of them: their role may be any.
    const std::string& of(const std::optional<User>& uploader) const;
};

}  // namespace movio::catalog
