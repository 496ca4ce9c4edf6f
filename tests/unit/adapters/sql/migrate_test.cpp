#include "adapters/sql/migrate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/sql/sqlite/database.hpp"
#include "base/error.hpp"
#include "support/coroutines.hpp"
#include "support/temp_dir.hpp"

namespace movio {
namespace {

using embedded::File;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr File kFirst{"shop/0001_first.sql", "-- Goods; all of them.\nCREATE TABLE goods (id TEXT, n BIGINT);\n"};
constexpr File kSecond{"shop/0002_second.sql",
                       "CREATE TABLE big (bigint_like TEXT DEFAULT 'BIGINT; x');\n"
                       "INSERT INTO goods VALUES ('a', 1);"};
constexpr File kOther{"library/0001_first.sql", "CREATE TABLE books (id TEXT);"};

class MigrateTest : public testing::Test {
protected:
    MigrationReport to(std::vector<File> files, std::string service = "shop") {
        return test::run(migrate(database_, std::move(service), files));
    }
    std::string refused(std::vector<File> files, std::string service = "shop") {
        return reason([&] { to(files, service); });
    }
    std::string check(std::vector<File> files, std::string service = "shop") {
        return reason([&] { test::run(check_schema(database_, service, files)); });
    }
    template <class Call>
    static std::string reason(const Call& call) {
        try {
            call();
        } catch (const Failure& failure) {
            return failure.what();
        }
        return "";
    }
    std::vector<std::string> tables() {
        const auto look = [](SqlSession& session) {
            std::vector<std::string> names;
            for (const auto& row :
                 session.run("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").rows)
                names.push_back(row.text(0));
            return names;
        };
        return test::run(database_.read(look));
    }

    test::TempDir folder_;
    SqliteDatabase database_{{.file = folder_ / "test.db"}};
};

TEST_F(MigrateTest, New_database_gets_all_in_order_and_a_second_run_does_nothing) {
    auto report = to({kSecond, kOther, kFirst});
    EXPECT_EQ(report.from, 0);
    EXPECT_EQ(report.to, 2);
    EXPECT_THAT(report.applied, ElementsAre("first", "second"));
    EXPECT_THAT(tables(), ElementsAre("big", "goods", "schema_migrations", "schema_service"));
    report = to({kFirst, kSecond});
    EXPECT_EQ(report.from, 2);
    EXPECT_EQ(report.to, 2);
    EXPECT_THAT(report.applied, IsEmpty());
}

TEST_F(MigrateTest, Older_database_gets_what_it_lacks) {
    to({kFirst});
    const auto report = to({kFirst, kSecond});
    EXPECT_EQ(report.from, 1);
    EXPECT_THAT(report.applied, ElementsAre("second"));
}

TEST_F(MigrateTest, Tables_are_strict) {
    to({kFirst, kSecond});
    const auto wrong = [](SqlSession& session) { session.run("INSERT INTO goods VALUES ('b', 'not a number')"); };
    EXPECT_THROW(test::run(database_.write(wrong)), Failure);
    const auto text = [](SqlSession& session) {
        session.run("INSERT INTO big DEFAULT VALUES");
        return session.run("SELECT bigint_like FROM big").rows.at(0).text(0);
    };
    EXPECT_EQ(test::run(database_.write(text)), "BIGINT; x");
}

TEST_F(MigrateTest, Columns_that_are_added_have_the_same_types) {
    const File third{"shop/0003_third.sql", "ALTER TABLE goods ADD COLUMN price BIGINT NOT NULL DEFAULT 7;"};
    to({kFirst, kSecond, third});
    const auto price = [](SqlSession& session) { return session.run("SELECT price FROM goods").rows.at(0).integer(0); };
    EXPECT_EQ(test::run(database_.read(price)), 7);
}

TEST_F(MigrateTest, Migration_that_fails_leaves_the_ones_before_it_and_nothing_of_its_own) {
    const File broken{"shop/0002_broken.sql", "CREATE TABLE half (id TEXT); INSERT INTO nowhere VALUES (1);"};
    EXPECT_THAT(refused({kFirst, broken}), HasSubstr("INSERT INTO nowhere"));
    EXPECT_THAT(tables(), ElementsAre("goods", "schema_migrations", "schema_service"));
    EXPECT_EQ(to({kFirst, kSecond}).to, 2);
}

TEST_F(MigrateTest, Database_of_another_service_is_refused) {
    to({kFirst});
    EXPECT_THAT(refused({kOther}, "library"), AllOf(HasSubstr("'shop'"), HasSubstr("'library'")));
    EXPECT_THAT(check({kOther}, "library"), HasSubstr("'shop'"));
    EXPECT_THAT(tables(), ElementsAre("goods", "schema_migrations", "schema_service"));
}

TEST_F(MigrateTest, Database_of_another_program_is_refused) {
    test::run(database_.write([](SqlSession& session) { session.run("CREATE TABLE notes (id TEXT)"); }));
    EXPECT_THAT(refused({kFirst}), HasSubstr("another program"));
}

TEST_F(MigrateTest, Newer_database_is_refused_by_both_versions) {
    to({kFirst, kSecond});
    EXPECT_THAT(refused({kFirst}), AllOf(HasSubstr("version 2"), HasSubstr("up to 1")));
    EXPECT_THAT(check({kFirst}), HasSubstr("version 2"));
}

TEST_F(MigrateTest, Changed_migration_is_refused) {
    to({kFirst});
    const File changed{kFirst.path, "CREATE TABLE goods (id TEXT, n BIGINT, price BIGINT);"};
    EXPECT_THAT(refused({changed, kSecond}), AllOf(HasSubstr("migration 1"), HasSubstr("not the one")));
}

TEST_F(MigrateTest, Check_wants_exactly_the_newest) {
    EXPECT_THAT(check({kFirst, kSecond}),
                AllOf(HasSubstr("version 0"), HasSubstr("needs 2"), HasSubstr("movio migrate")));
    to({kFirst});
    EXPECT_THAT(check({kFirst, kSecond}), AllOf(HasSubstr("version 1"), HasSubstr("needs 2")));
    to({kFirst, kSecond});
    EXPECT_EQ(check({kFirst, kSecond}), "");
}

TEST_F(MigrateTest, Gap_or_odd_name_is_refused) {
    EXPECT_THAT(refused({kFirst, {"shop/0003_third.sql", "SELECT 1"}}), HasSubstr("not numbered"));
    EXPECT_THAT(refused({{"shop/1_first.sql", "SELECT 1"}}), HasSubstr("NNNN_name.sql"));
    EXPECT_THAT(refused({kOther}), HasSubstr("no migrations"));
}

TEST_F(MigrateTest, Own_migrations_apply_to_each_service) {
    for (const std::string service : {"catalog", "processing"}) {
        SqliteDatabase database({.file = folder_ / (service + ".db")});
        const auto report = test::run(migrate(database, service));
        EXPECT_GE(report.to, 2);
        test::run(check_schema(database, service));
        EXPECT_THAT(test::run(database.check_integrity()), IsEmpty());
    }
}

TEST(SplitStatements, Comments_and_quotes_are_understood) {
    EXPECT_THAT(split_statements("-- a;\nSELECT ';--x' ;;\n SELECT 2 -- end"),
                ElementsAre("SELECT ';--x'", "SELECT 2"));
    EXPECT_THAT(split_statements("SELECT 'it''s; fine'"), ElementsAre("SELECT 'it''s; fine'"));
    EXPECT_THAT(split_statements(" \n-- nothing"), IsEmpty());
}

}  // namespace
}  // namespace movio
