#include "catalog/default_visibility.hpp"

#include <gtest/gtest.h>

namespace movio::catalog {
namespace {

using access::Role;

std::optional<User> somebody(Role role) {
    User user;
    user.role = role;
    return user;
}

TEST(DefaultVisibility, A_role_has_its_own_or_that_of_all) {
    const DefaultVisibility defaults{.all = "internal", .by_role = {{Role::admin, "public"}}};
    EXPECT_EQ(defaults.of(somebody(Role::admin)), "public");
    EXPECT_EQ(defaults.of(somebody(Role::uploader)), "internal");
}

TEST(DefaultVisibility, Who_is_not_heard_of_yet_gets_the_narrowest) {
    EXPECT_EQ(DefaultVisibility{}.of(std::nullopt), "public");
    for (const auto& [all, admins, narrowest] :
         {std::tuple{"public", "private", "private"}, std::tuple{"private", "public", "private"},
          std::tuple{"internal", "unlisted", "internal"}, std::tuple{"public", "unlisted", "unlisted"}}) {
        const DefaultVisibility defaults{.all = all, .by_role = {{Role::admin, admins}, {Role::moderator, all}}};
        EXPECT_EQ(defaults.of(std::nullopt), narrowest) << all << " " << admins;
    }
}

}  // namespace
}  // namespace movio::catalog
