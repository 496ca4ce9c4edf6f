#include "audit/trail.hpp"

#include <set>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/sqlite_service.hpp"

namespace movio::audit {
namespace {

constexpr std::int64_t kDayUs = 86400LL * 1'000'000;

class TrailTest : public ::testing::Test {
protected:
    void add(std::string action, std::string subject = {}, Actor by = {}) {
        service.loop.run(
            trail.record({.by = std::move(by), .action = std::move(action), .subject = std::move(subject)}));
    }
    std::vector<std::string> actions(Filter filter) {
        std::vector<std::string> all;
        for (const auto& entry : service.loop.run(trail.list(std::move(filter)))) all.push_back(entry.action);
        return all;
    }
    std::int64_t count() {
        return service.read(
            [](SqlSession& session) { return session.run("SELECT COUNT(*) FROM audit").rows.at(0).integer(0); });
    }

    movio::test::SqliteService service{"accounts"};
    Trail trail{service.database, std::chrono::days(365)};
    using Texts = std::vector<std::string>;
};

TEST_F(TrailTest, Keeps_all_of_an_entry) {
    const auto ada = UserId::make();
    service.loop.run(trail.record({.by = {ActorKind::user, ada, "192.0.2.7"},
                                   .action = "user.role",
                                   .subject = "someone",
                                   .detail = R"({"role":"admin"})",
                                   .outcome = Outcome::refused}));
    const auto entries = service.loop.run(trail.list({}));
    ASSERT_EQ(entries.size(), 1);
    EXPECT_EQ(entries[0].actor_kind, "user");
    EXPECT_EQ(entries[0].actor_id, ada.text());
    EXPECT_EQ(entries[0].address, "192.0.2.7");
    EXPECT_EQ(entries[0].subject, "someone");
    EXPECT_EQ(entries[0].outcome, "refused");
    EXPECT_EQ(entries[0].detail, R"({"role":"admin"})");
    EXPECT_GT(entries[0].at_us, 0);
}

TEST_F(TrailTest, Is_rolled_back_with_its_change) {
    EXPECT_THROW(service.write([](SqlSession& session) {
        record(session, {.by = {}, .action = "user.role"});
        throw Failure("the change failed");
    }),
                 Failure);
    EXPECT_EQ(count(), 0);
}

TEST_F(TrailTest, Is_filtered_by_each_part) {
    const auto ada = UserId::make();
    add("video.deleted", "film", {ActorKind::user, ada, ""});
    add("video.restored", "film");
    add("videoless", "film");
    add("user.role", "eve", {ActorKind::user, ada, ""});
    EXPECT_EQ(actions({.actor = ada.text()}), (Texts{"user.role", "video.deleted"}));
    EXPECT_EQ(actions({.subject = "eve"}), (Texts{"user.role"}));
    EXPECT_EQ(actions({.action = "video"}), (Texts{"video.restored", "video.deleted"}));
    EXPECT_EQ(actions({.action = "video.deleted"}), (Texts{"video.deleted"}));
    EXPECT_EQ(actions({.actor = ada.text(), .subject = "film"}), (Texts{"video.deleted"}));
    const auto entries = service.loop.run(trail.list({}));
    EXPECT_EQ(actions({.from_us = entries[1].at_us}).size(), 2);
    EXPECT_EQ(actions({.to_us = entries[1].at_us}).size(), 2);
}

TEST_F(TrailTest, Comes_in_pages_without_gaps_also_where_moments_are_the_same) {
    service.write([](SqlSession& session) {
        for (int i = 0; i < 25; ++i) record(session, {.by = {}, .action = std::to_string(i)});
        session.run("UPDATE audit SET at_us = 1000 + CAST(action AS INTEGER) / 10");
    });
    std::set<std::string> seen;
    Filter filter{.limit = 4};
    for (;;) {
        const auto page = service.loop.run(trail.list(filter));
        for (const auto& entry : page) EXPECT_TRUE(seen.insert(entry.action).second) << entry.action;
        if (page.size() < 4) break;
        filter.before = std::pair(page.back().at_us, page.back().id);
    }
    EXPECT_EQ(seen.size(), 25);
}

TEST_F(TrailTest, Forgets_what_is_older_than_it_is_kept_in_steps) {
    service.write([](SqlSession& session) {
        for (int i = 0; i < 2500; ++i) record(session, {.by = {}, .action = "old"});
        session.run("UPDATE audit SET at_us = movio_now_us() - $1", {sql(366 * kDayUs)});
        record(session, {.by = {}, .action = "young"});
        session.run("UPDATE audit SET at_us = movio_now_us() - $1 WHERE action = 'young'", {sql(364 * kDayUs)});
    });
    service.loop.run(trail.clean_up());
    EXPECT_EQ(actions({}), (Texts{"young"}));
}

}  // namespace
}  // namespace movio::audit
