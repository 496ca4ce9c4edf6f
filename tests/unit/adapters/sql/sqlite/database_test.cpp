#include "adapters/sql/sqlite/database.hpp"

#include <fstream>
#include <thread>

#include <csignal>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "base/error.hpp"
#include "support/coroutines.hpp"
#include "support/temp_dir.hpp"

namespace movio {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

void create_table(SqlSession& session) {
    session.run("CREATE TABLE things (id INTEGER PRIMARY KEY, data TEXT) STRICT");
}
void insert_row(SqlSession& session) {
    session.run("INSERT INTO things (data) VALUES ($1)", {sql(std::string(5000, 'x'))});
}

// Never ends by itself.
constexpr std::string_view kEndless =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n WHERE i < 0";

template <class Task>
std::string failure_of(Task task) {
    try {
        test::run(task());
    } catch (const Failure& failure) {
        return failure.what();
    }
    return "no failure";
}

class SqliteDatabaseTest : public testing::Test {
protected:
    test::TempDir folder_;
    std::filesystem::path file_ = folder_ / "test.db";
};

unsigned mode_of(const std::filesystem::path& file) {
    struct stat info{};
    return ::stat(file.c_str(), &info) == 0 ? info.st_mode & 0777U : 0;
}

TEST_F(SqliteDatabaseTest, All_files_of_the_database_are_private) {
    SqliteDatabase database({.file = file_});
    test::run(database.write(create_table));
    test::run(database.read([](SqlSession& session) { session.run("SELECT * FROM things"); }));
    for (const char* name : {"test.db", "test.db-wal", "test.db-shm"})
        EXPECT_EQ(mode_of(folder_ / name), 0600U) << name;
}

TEST_F(SqliteDatabaseTest, File_that_was_readable_by_others_is_made_private) {
    std::ofstream(file_).close();
    ::chmod(file_.c_str(), 0644);
    const SqliteDatabase database({.file = file_});
    EXPECT_EQ(mode_of(file_), 0600U);
}

TEST_F(SqliteDatabaseTest, Settings_of_every_connection_are_durable_and_strict) {
    SqliteDatabase database({.file = file_});
    const auto look = [](SqlSession& session) {
        EXPECT_EQ(session.run("PRAGMA journal_mode").rows.at(0).text(0), "wal");
        EXPECT_EQ(session.run("PRAGMA synchronous").rows.at(0).integer(0), 2);
        EXPECT_EQ(session.run("PRAGMA foreign_keys").rows.at(0).integer(0), 1);
    };
    test::run(database.write(look));
    test::run(database.read(look));
}

TEST_F(SqliteDatabaseTest, File_of_another_kind_is_refused_by_name) {
    std::ofstream(file_) << std::string(4096, 'x');
    try {
        const SqliteDatabase database({.file = file_});
        FAIL() << "it was opened";
    } catch (const Failure& failure) {
        EXPECT_THAT(failure.what(), HasSubstr("test.db"));
        EXPECT_THAT(failure.what(), HasSubstr("not a database"));
    }
}

TEST_F(SqliteDatabaseTest, Missing_folder_is_a_failure_that_says_so) {
    EXPECT_THROW(SqliteDatabase({.file = folder_ / "nowhere" / "test.db"}), Failure);
}

TEST_F(SqliteDatabaseTest, Statement_that_runs_away_ends_at_the_deadline) {
    SqliteDatabase database({.file = file_, .deadline = std::chrono::milliseconds(100)});
    const auto endless = [](SqlSession& session) { session.run(kEndless); };
    EXPECT_THAT(failure_of([&] { return database.read(endless); }), HasSubstr("took too long"));
    EXPECT_THAT(failure_of([&] { return database.write(endless); }), HasSubstr("took too long"));
    test::run(database.write(create_table));
}

TEST_F(SqliteDatabaseTest, Closing_ends_what_runs_and_refuses_what_waits) {
    auto database = std::make_unique<SqliteDatabase>(SqliteOptions{.file = file_});
    SqliteDatabase& open = *database;
    std::atomic<bool> started = false;
    std::string running, waiting;
    std::thread first([&] {
        running = failure_of([&] {
            return open.write([&](SqlSession& session) {
                started = true;
                session.run(kEndless);
            });
        });
    });
    while (!started) std::this_thread::yield();
    std::thread second([&] { waiting = failure_of([&] { return open.write(create_table); }); });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const auto begin = std::chrono::steady_clock::now();
    database.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
    first.join();
    second.join();
    EXPECT_THAT(running, HasSubstr("being closed"));
    EXPECT_THAT(waiting, HasSubstr("being closed"));
}

TEST_F(SqliteDatabaseTest, Writer_waits_for_a_lock_of_another_process_and_runs_the_body_once) {
    SqliteDatabase database({.file = file_});
    test::run(database.write(create_table));
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    std::thread releases([&] {
        // Longer than one statement waits, so that the transaction itself is tried anew.
        std::this_thread::sleep_for(std::chrono::milliseconds(2300));
        sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr);
    });
    std::atomic<int> bodies = 0;
    test::run(database.write([&](SqlSession& session) {
        ++bodies;
        insert_row(session);
    }));
    releases.join();
    sqlite3_close(other);
    EXPECT_EQ(bodies, 1);
}

TEST_F(SqliteDatabaseTest, Writer_gives_up_on_a_lock_at_the_deadline) {
    SqliteDatabase database({.file = file_, .deadline = std::chrono::milliseconds(100)});
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    EXPECT_THAT(failure_of([&] { return database.write(create_table); }), HasSubstr("locked by another process"));
    sqlite3_close(other);
}

TEST_F(SqliteDatabaseTest, Full_disk_is_told_apart_and_leaves_the_database_sound) {
    SqliteDatabase database({.file = file_});
    test::run(database.write(create_table));
    const auto fill = [](SqlSession& session) {
        session.run("PRAGMA max_page_count = 20");
        for (int i = 0; i < 100; ++i) insert_row(session);
    };
    EXPECT_THROW(test::run(database.write(fill)), NoSpace);
    EXPECT_THAT(test::run(database.check_integrity()), IsEmpty());
    test::run(database.write([](SqlSession& session) {
        session.run("PRAGMA max_page_count = 1000");
        EXPECT_EQ(session.run("SELECT COUNT(*) FROM things").rows[0].integer(0), 0);
        insert_row(session);
    }));
}

TEST_F(SqliteDatabaseTest, Integrity_check_finds_what_is_wrong) {
    {
        SqliteDatabase database({.file = file_});
        test::run(database.write([](SqlSession& session) {
            create_table(session);
            session.run("CREATE INDEX things_by_data ON things (data)");
            for (int i = 0; i < 50; ++i) insert_row(session);
        }));
        EXPECT_THAT(test::run(database.check_integrity()), IsEmpty());
    }
    {
        std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(3 * 4096);
        file << std::string(20 * 4096, '\x5a');
    }
    SqliteDatabase database({.file = file_});
    std::vector<std::string> problems;
    try {
        problems = test::run(database.check_integrity());
    } catch (const Failure& failure) {
        problems.emplace_back(failure.what());
    }
    EXPECT_FALSE(problems.empty());
}

TEST_F(SqliteDatabaseTest, More_statements_than_are_kept_prepared_still_work) {
    SqliteDatabase database({.file = file_});
    test::run(database.read([](SqlSession& session) {
        for (int round = 0; round < 2; ++round)
            for (int i = 0; i < 300; ++i)
                EXPECT_EQ(session.run("SELECT " + std::to_string(i) + " + $1", {sql(1)}).rows.at(0).integer(0), i + 1);
    }));
}

TEST_F(SqliteDatabaseTest, Two_statements_in_one_run_are_refused) {
    SqliteDatabase database({.file = file_});
    const auto body = [](SqlSession& session) { session.run("SELECT 1; DROP TABLE things"); };
    EXPECT_THAT(failure_of([&] { return database.write(body); }), HasSubstr("not exactly one statement"));
}

TEST_F(SqliteDatabaseTest, Clock_can_be_set_for_tests) {
    std::atomic<std::int64_t> now = 42;
    SqliteDatabase database({.file = file_, .now_us = [&] { return now.load(); }});
    const auto look = [](SqlSession& session) { return session.run("SELECT movio_now_us()").rows[0].integer(0); };
    EXPECT_EQ(test::run(database.read(look)), 42);
    now = 43;
    EXPECT_EQ(test::run(database.write(look)), 43);
}

TEST_F(SqliteDatabaseTest, What_was_committed_is_there_after_the_process_is_killed) {
    const pid_t child = ::fork();
    if (child == 0) {
        SqliteDatabase database({.file = file_});
        test::run(database.write(create_table));
        for (int i = 0; i < 20; ++i) test::run(database.write(insert_row));
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    SqliteDatabase database({.file = file_});
    const auto count = [](SqlSession& session) {
        return session.run("SELECT COUNT(*) FROM things").rows[0].integer(0);
    };
    EXPECT_EQ(test::run(database.read(count)), 20);
    EXPECT_THAT(test::run(database.check_integrity()), IsEmpty());
}

}  // namespace
}  // namespace movio
