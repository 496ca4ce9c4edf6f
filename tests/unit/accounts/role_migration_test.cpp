#include <algorithm>
#include <iterator>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/sql/migrate.hpp"
#include "adapters/sql/sqlite/database.hpp"
#include "support/coroutines.hpp"
#include "support/temp_dir.hpp"

namespace movio::accounts {
namespace {

TEST(RoleMigration, Users_of_before_are_uploaders_and_lose_nothing) {
    const test::TempDir folder;
    test::Loop loop;
    SqliteDatabase database(SqliteOptions{.file = folder.path() / "accounts.db"});
    std::vector<embedded::File> before;
    std::ranges::copy_if(embedded::migrations(), std::back_inserter(before), [](const embedded::File& file) {
        return file.path.starts_with("accounts/0001") || file.path.starts_with("accounts/0002");
    });
    ASSERT_EQ(before.size(), 2);
    loop.run(migrate(database, "accounts", before));
    loop.run(database.write([](SqlSession& session) {
        session.run(
            "INSERT INTO users (id, first_name, last_name, username, email, email_key, phone_number, password_hash, "
            "role, version, not_before_us, created_us, updated_us) VALUES "
            "('a', 'Ada', 'L', 'ada', 'A@x.org', 'a@x.org', '+1', 'hash', 'user', 3, 5000000, 7, 8), "
            "('b', 'Bob', 'R', NULL, 'b@x.org', 'b@x.org', NULL, NULL, 'admin', 1, 0, 9, 9)");
        session.run(
            "INSERT INTO users (id, first_name, last_name, role, enabled, deleted_us, created_us, updated_us) "
            "VALUES ('c', '', '', 'user', 0, 10, 1, 10)");
    }));
    loop.run(migrate(database, "accounts"));
    const auto rows = loop.run(database.read([](SqlSession& session) {
        return session
            .run(
                "SELECT role, first_name, last_name, username, email, email_key, phone_number, password_hash, version, "
                "not_before_us, enabled, deleted_us, created_us, updated_us FROM users ORDER BY id")
            .rows;
    }));
    ASSERT_EQ(rows.size(), 3);
    EXPECT_EQ(rows[0].text(0), "uploader");
    EXPECT_EQ(rows[1].text(0), "admin");
    EXPECT_EQ(rows[2].text(0), "viewer");
    EXPECT_EQ(rows[0].text(1) + rows[0].text(2) + rows[0].text(3) + rows[0].text(4) + rows[0].text(5) +
                  rows[0].text(6) + rows[0].text(7),
              "AdaLadaA@x.orga@x.org+1hash");
    EXPECT_EQ(rows[0].integer(8), 3);
    EXPECT_EQ(rows[0].integer(9), 5'000'000);
    EXPECT_TRUE(rows[0].flag(10));
    EXPECT_TRUE(rows[0].is_null(11));
    EXPECT_EQ(rows[0].integer(12), 7);
    EXPECT_EQ(rows[0].integer(13), 8);
    EXPECT_EQ(rows[2].integer(11), 10);
    EXPECT_FALSE(rows[2].flag(10));
}

}  // namespace
}  // namespace movio::accounts
