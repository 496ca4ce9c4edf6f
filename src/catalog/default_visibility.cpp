#include "catalog/default_visibility.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace movio::catalog {
namespace {

constexpr std::array<std::string_view, 4> kFromNarrow{"private", "internal", "unlisted", "public"};

}  // namespace

const std::string& DefaultVisibility::of(const std::optional<User>& uploader) const {
    if (uploader) {
        const auto found = by_role.find(uploader->role);
        return found == by_role.end() ? all : found->second;
    }
    const auto width = [](const std::string& level) { return std::ranges::find(kFromNarrow, level); };
    const auto* narrowest = &all;
    for (const auto& [role, level] : by_role)
        if (width(level) < width(*narrowest)) narrowest = &level;
    return *narrowest;
}

}  // namespace movio::catalog
