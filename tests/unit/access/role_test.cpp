#include "access/role.hpp"

#include <gtest/gtest.h>

namespace movio::access {
namespace {

TEST(RoleTest, Words_and_roles_are_each_others) {
    for (const auto role : {Role::viewer, Role::uploader, Role::moderator, Role::admin}) {
        EXPECT_EQ(known_role(to_text(role)), role);
        EXPECT_EQ(role_from_text(to_text(role)), role);
    }
}

TEST(RoleTest, Unknown_words_give_no_rights) {
    for (const auto* text : {"", "Admin", "admin ", "root", "owner"}) {
        EXPECT_FALSE(known_role(text)) << text;
        EXPECT_EQ(role_from_text(text), Role::viewer) << text;
    }
    EXPECT_EQ(role_from_text("user"), Role::uploader) << "as versions before wrote it";
    EXPECT_FALSE(known_role("user")) << "nobody may choose it any more";
}

TEST(RoleTest, All_but_viewers_may_upload) {
    EXPECT_FALSE(may_upload(Role::viewer));
    for (const auto role : {Role::uploader, Role::moderator, Role::admin}) EXPECT_TRUE(may_upload(role));
}

}  // namespace
}  // namespace movio::access
