// What every Database promises. A new adapter joins by adding its case at the end.
#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/sql/sqlite/database.hpp"
#include "base/error.hpp"
#include "support/coroutines.hpp"
#include "support/temp_dir.hpp"

namespace movio {
namespace {

using testing::HasSubstr;
using testing::Not;

struct DatabaseCase {
    std::string name;
    std::unique_ptr<Database> (*open)(const std::filesystem::path& folder);
};

class DatabaseContract : public testing::TestWithParam<DatabaseCase> {
protected:
    template <class Body>
    auto write(Body body) {
        return test::run(database_->write(body));
    }
    template <class Body>
    auto read(Body body) {
        return test::run(database_->read(body));
    }

    void SetUp() override {
        database_ = GetParam().open(folder_.path());
        write([](SqlSession& session) {
            session.run("CREATE TABLE things (id TEXT NOT NULL PRIMARY KEY, n BIGINT)");
            session.run("CREATE TABLE parts (thing TEXT NOT NULL REFERENCES things (id) ON DELETE CASCADE)");
        });
    }
    std::int64_t count() {
        return read([](SqlSession& session) { return session.run("SELECT COUNT(*) FROM things").rows[0].integer(0); });
    }
    template <class Body>
    std::string failure_of(Body body) {
        try {
            write(body);
        } catch (const Failure& failure) {
            return failure.what();
        }
        return "";
    }

    test::TempDir folder_;
    std::unique_ptr<Database> database_;
};

TEST_P(DatabaseContract, Write_that_returns_is_seen_by_the_next_read) {
    write([](SqlSession& session) { session.run("INSERT INTO things VALUES ($1, $2)", {sql("a"), sql(7)}); });
    const auto n = read([](SqlSession& session) {
        return session.run("SELECT n FROM things WHERE id = $1", {sql("a")}).rows.at(0).integer(0);
    });
    EXPECT_EQ(n, 7);
}

TEST_P(DatabaseContract, Write_that_throws_changes_nothing_and_passes_the_exception_on) {
    const auto body = [](SqlSession& session) {
        session.run("INSERT INTO things VALUES ('a', 1)");
        throw std::logic_error("changed my mind");
    };
    EXPECT_THROW(write(body), std::logic_error);
    EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseContract, Read_refuses_to_write) {
    const auto body = [](SqlSession& session) { session.run("INSERT INTO things VALUES ('a', 1)"); };
    EXPECT_THROW(read(body), Failure);
    EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseContract, Arguments_are_numbered_and_may_repeat) {
    const auto row = read(
        [](SqlSession& session) { return session.run("SELECT $2, $1, $2", {sql("first"), sql("second")}).rows.at(0); });
    EXPECT_EQ(row.text(0), "second");
    EXPECT_EQ(row.text(1), "first");
    EXPECT_EQ(row.text(2), "second");
}

TEST_P(DatabaseContract, Too_few_or_too_many_arguments_fail) {
    EXPECT_THROW(write([](SqlSession& session) { session.run("DELETE FROM things WHERE id = $1"); }), Failure);
    EXPECT_THROW(write([](SqlSession& session) { session.run("DELETE FROM things", {sql("a")}); }), Failure);
}

TEST_P(DatabaseContract, Values_come_back_as_they_went_in) {
    const std::string odd = "it's; -- \"$1\" \xe0\xa6\xac";
    write([&](SqlSession& session) {
        session.run("INSERT INTO things VALUES ($1, $2)", {sql(odd), sql(std::int64_t{1} << 62)});
        session.run("INSERT INTO things VALUES ($1, $2)", {sql(""), sql(std::optional<std::int64_t>{})});
    });
    const auto rows =
        read([](SqlSession& session) { return session.run("SELECT id, n FROM things ORDER BY id DESC").rows; });
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].text(0), odd);
    EXPECT_EQ(rows[0].integer(1), std::int64_t{1} << 62);
    EXPECT_EQ(rows[1].text(0), "");
    EXPECT_TRUE(rows[1].is_null(1));
    EXPECT_EQ(rows[1].integer_or_null(1), std::nullopt);
}

TEST_P(DatabaseContract, Column_of_another_kind_is_a_failure_that_names_it) {
    const auto row = read([](SqlSession& session) { return session.run("SELECT 'x', 1").rows.at(0); });
    EXPECT_THROW((void)row.integer(0), Failure);
    EXPECT_THROW((void)row.text(1), Failure);
    EXPECT_THROW((void)row.text(2), Failure);
    try {
        (void)row.integer(0);
    } catch (const Failure& failure) {
        EXPECT_THAT(failure.what(), HasSubstr("column 0"));
    }
}

TEST_P(DatabaseContract, Changed_counts_the_rows_of_that_statement_alone) {
    write([](SqlSession& session) {
        EXPECT_EQ(session.run("INSERT INTO things VALUES ('a', 1), ('b', 2), ('c', 3)").changed, 3);
        EXPECT_EQ(session.run("UPDATE things SET n = 9 WHERE n > 1").changed, 2);
        EXPECT_EQ(session.run("UPDATE things SET n = 9 WHERE n > 100").changed, 0);
        EXPECT_EQ(session.run("INSERT INTO things VALUES ('a', 5) ON CONFLICT DO NOTHING").changed, 0);
        session.run("INSERT INTO parts VALUES ('a'), ('a')");
        EXPECT_EQ(session.run("DELETE FROM things WHERE id = 'a'").changed, 1);
        EXPECT_EQ(session.run("SELECT 1").changed, 0);
    });
}

TEST_P(DatabaseContract, Returning_gives_the_rows_that_changed) {
    const auto result = write([](SqlSession& session) {
        session.run("INSERT INTO things VALUES ('a', 1), ('b', 2)");
        return session.run("UPDATE things SET n = n + 1 WHERE id = 'b' RETURNING id, n");
    });
    ASSERT_EQ(result.rows.size(), 1U);
    EXPECT_EQ(result.rows[0].text(0), "b");
    EXPECT_EQ(result.rows[0].integer(1), 3);
}

TEST_P(DatabaseContract, Foreign_keys_are_held_and_cascade) {
    EXPECT_THROW(write([](SqlSession& session) { session.run("INSERT INTO parts VALUES ('nobody')"); }), Failure);
    write([](SqlSession& session) {
        session.run("INSERT INTO things VALUES ('a', 1)");
        session.run("INSERT INTO parts VALUES ('a')");
        session.run("DELETE FROM things WHERE id = 'a'");
        EXPECT_TRUE(session.run("SELECT 1 FROM parts").empty());
    });
}

TEST_P(DatabaseContract, Failure_names_the_statement_and_the_reason_but_no_value) {
    const auto text = failure_of([](SqlSession& session) {
        session.run("INSERT INTO things VALUES ($1, 1)", {sql("secret-value")});
        session.run("INSERT INTO things VALUES ($1, 1)", {sql("secret-value")});
    });
    EXPECT_THAT(text, HasSubstr("INSERT INTO things"));
    EXPECT_THAT(text, HasSubstr("UNIQUE"));
    EXPECT_THAT(text, Not(HasSubstr("secret-value")));
}

TEST_P(DatabaseContract, Database_works_on_after_a_failure) {
    EXPECT_THROW(write([](SqlSession& session) { session.run("SELECT nonsense FROM nowhere"); }), Failure);
    write([](SqlSession& session) { session.run("INSERT INTO things VALUES ('a', 1)"); });
    EXPECT_EQ(count(), 1);
}

TEST_P(DatabaseContract, Clock_is_in_microseconds_and_goes_on) {
    const auto now = [](SqlSession& session) { return session.run("SELECT movio_now_us()").rows.at(0).integer(0); };
    const auto first = read(now);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    const auto second = write(now);
    EXPECT_GT(first, 1'700'000'000'000'000);
    EXPECT_GE(second - first, 1000);
    EXPECT_LT(second - first, 60'000'000);
}

TEST_P(DatabaseContract, Clock_stands_still_within_a_statement) {
    constexpr std::string_view kLater =
        "WITH RECURSIVE moments (n, at) AS (SELECT 0, movio_now_us() UNION ALL SELECT n + 1, movio_now_us() FROM "
        "moments WHERE n < 20000) SELECT MAX(at) - MIN(at) FROM moments";
    EXPECT_EQ(read([&](SqlSession& session) { return session.run(kLater).rows.at(0).integer(0); }), 0);
}

TEST_P(DatabaseContract, Hook_runs_once_after_the_commit_and_never_after_a_rollback) {
    std::atomic<int> called = 0;
    write([&](SqlSession& session) {
        session.run("INSERT INTO things VALUES ('a', 1)");
        session.after_commit([&] { ++called; });
        EXPECT_EQ(called, 0);
    });
    EXPECT_EQ(called, 1);
    const auto body = [&](SqlSession& session) {
        session.after_commit([&] { ++called; });
        throw Failure("no");
    };
    EXPECT_THROW(write(body), Failure);
    write([](SqlSession& session) { session.run("SELECT 1"); });
    EXPECT_EQ(called, 1);
}

TEST_P(DatabaseContract, Hook_that_throws_does_not_make_a_commit_look_failed) {
    std::atomic<bool> called = false;
    write([&](SqlSession& session) {
        session.run("INSERT INTO things VALUES ('a', 1)");
        session.after_commit([] { throw Failure("a bug"); });
        session.after_commit([&] { called = true; });
    });
    EXPECT_EQ(count(), 1);
    EXPECT_TRUE(called);
}

TEST_P(DatabaseContract, Read_sees_one_snapshot_while_others_write) {
    write([](SqlSession& session) { session.run("INSERT INTO things VALUES ('a', 1)"); });
    std::atomic<bool> reading = false, written = false;
    std::thread other([&] {
        while (!reading) std::this_thread::yield();
        write([](SqlSession& session) { session.run("INSERT INTO things VALUES ('b', 2)"); });
        written = true;
    });
    read([&](SqlSession& session) {
        const auto how_many = [&] { return session.run("SELECT COUNT(*) FROM things").rows[0].integer(0); };
        EXPECT_EQ(how_many(), 1);
        reading = true;
        while (!written) std::this_thread::yield();
        EXPECT_EQ(how_many(), 1);
    });
    other.join();
    EXPECT_EQ(count(), 2);
}

TEST_P(DatabaseContract, Writers_of_many_threads_lose_no_update) {
    constexpr int kThreads = 4, kRounds = 25;
    write([](SqlSession& session) { session.run("INSERT INTO things VALUES ('sum', 0)"); });
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i)
        threads.emplace_back([this] {
            for (int round = 0; round < kRounds; ++round)
                write([](SqlSession& session) {
                    const auto n = session.run("SELECT n FROM things WHERE id = 'sum'").rows.at(0).integer(0);
                    session.run("UPDATE things SET n = $1 WHERE id = 'sum'", {sql(n + 1)});
                });
        });
    for (auto& thread : threads) thread.join();
    const auto sum = read([](SqlSession& session) { return session.run("SELECT n FROM things").rows[0].integer(0); });
    EXPECT_EQ(sum, kThreads * kRounds);
}

std::unique_ptr<Database> open_sqlite(const std::filesystem::path& folder) {
    return std::make_unique<SqliteDatabase>(SqliteOptions{.file = folder / "contract.db"});
}

INSTANTIATE_TEST_SUITE_P(Adapters, DatabaseContract, testing::Values(DatabaseCase{"Sqlite", open_sqlite}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace movio
