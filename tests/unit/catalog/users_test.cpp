#include "catalog/users.hpp"

#include <gtest/gtest.h>

#include "adapters/memory/event_bus.hpp"
#include "async/timing.hpp"
#include "support/films.hpp"

namespace movio::catalog {
namespace {

class UsersTest : public test::FilmShelf, public ::testing::Test {
protected:
    void SetUp() override { users.subscribe(bus, service.loop.executor()); }
    void TearDown() override { service.loop.run(bus.stop()); }

    void tell(const std::string& type, std::int64_t version, const std::string& more = "") {
        Event event;
        event.id = EventId::make();
        event.type = type;
        event.data = R"({"user_id":")" + user.text() + R"(","version":)" + std::to_string(version) +
                     R"(,"first_name":"Tista","last_name":"Roy","username":null,"email":"t@films.example",)"
                     R"("phone_number":null)" +
                     more + "}";
        service.loop.run(bus.publish(std::move(event)));
    }
    std::optional<access::Standing> standing() { return service.loop.run(users.find(user)); }
    std::optional<User> row() {
        return service.read([this](SqlSession& session) { return find_user(session, user); });
    }

    const UserId user = UserId::make();
    InProcessEventBus bus;
    Users users{service.database, outbox, watch};
};

TEST_F(UsersTest, Unknown_users_have_no_standing_until_they_are_told_of) {
    EXPECT_FALSE(standing());
    tell("user.created", 1);
    ASSERT_TRUE(standing());
    EXPECT_TRUE(standing()->enabled);
    EXPECT_EQ(standing()->role, access::Role::viewer) << "no role was told";
    EXPECT_EQ(row()->first_name, "Tista");
    EXPECT_FALSE(row()->username);
}

TEST_F(UsersTest, What_is_told_counts_at_once) {
    tell("user.created", 1);
    EXPECT_TRUE(standing()->enabled);
    tell("user.changed", 2, R"(,"role":"admin","not_before_us":77)");
    EXPECT_EQ(standing()->not_before_us, 77);
    EXPECT_EQ(standing()->role, access::Role::admin);
    tell("user.changed", 3, R"(,"role":"user")");
    EXPECT_EQ(standing()->role, access::Role::uploader) << "as versions before called it";
    tell("user.disabled", 4);
    EXPECT_FALSE(standing()->enabled);
    tell("user.changed", 5, R"(,"enabled":true)");
    EXPECT_TRUE(standing()->enabled);
}

TEST_F(UsersTest, Whether_the_address_is_checked_is_told_and_was_so_in_versions_that_did_not_ask) {
    const auto may_share = [this] {
        return service.read(
            [this](SqlSession& session) { return check_may_share(session, Viewer{.user = user}).has_value(); });
    };
    EXPECT_TRUE(may_share()) << "of whom nothing is known nothing is wrong";
    tell("user.created", 1, R"(,"email_checked":false)");
    EXPECT_FALSE(standing()->email_checked);
    EXPECT_FALSE(may_share());
    tell("user.changed", 2, R"(,"email_checked":true)");
    EXPECT_TRUE(standing()->email_checked);
    EXPECT_TRUE(may_share());
    tell("user.changed", 3);
    EXPECT_TRUE(standing()->email_checked);
    EXPECT_TRUE(service.read([](SqlSession& session) { return check_may_share(session, {}).has_value(); }));
}

TEST_F(UsersTest, Only_a_higher_version_counts) {
    tell("user.disabled", 5);
    tell("user.changed", 4);
    tell("user.changed", 5);
    EXPECT_FALSE(standing()->enabled);
    EXPECT_EQ(row()->version, 5);
    tell("user.changed", 6, R"(,"enabled":true)");
    EXPECT_TRUE(standing()->enabled);
}

TEST_F(UsersTest, Deleted_users_keep_an_empty_row_and_their_films_go_to_the_trash) {
    tell("user.created", 1);
    Video mine;
    mine.owner_id = user.text();
    mine.status = VideoStatus::ready;
    std::vector<VideoId> films;
    for (int i = 0; i < 205; ++i) films.push_back(add(mine).id);
    mine.owner_id = UserId::make().text();
    const auto foreign = add(mine).id;
    int told = 0;
    const auto subscription = watch.subscribe({}, [&told](VideoId) { ++told; });
    tell("user.deleted", 2);
    EXPECT_FALSE(standing()->enabled);
    EXPECT_EQ(row()->first_name, "");
    EXPECT_EQ(row()->email, "");
    for (const auto id : films) EXPECT_TRUE(find(id)->deleted_us);
    EXPECT_FALSE(find(foreign)->deleted_us);
    EXPECT_EQ(told, 205);
    EXPECT_EQ(count("outbox WHERE type = 'video.changed'"), 205);
    tell("user.changed", 3, R"(,"enabled":true)");
    EXPECT_FALSE(standing()->enabled) << "nobody comes back from the dead";
    // What was left over when the program ended goes when the event comes again.
    set_deleted(films[0], false);
    tell("user.deleted", 2);
    EXPECT_TRUE(find(films[0])->deleted_us);
}

TEST_F(UsersTest, Films_of_a_deleted_user_are_handed_over_where_the_event_names_somebody) {
    tell("user.created", 1);
    const auto heir = UserId::make();
    Video mine;
    mine.owner_id = user.text();
    mine.status = VideoStatus::ready;
    mine.visibility = "private";
    std::vector<VideoId> films;
    for (int i = 0; i < 205; ++i) films.push_back(add(mine).id);
    const auto thrown_away = add(mine).id;
    set_deleted(thrown_away, true);
    service.write([&](SqlSession& session) {
        session.run("INSERT INTO video_shares (video_id, user_id, created_us) VALUES ($1, $2, 1)",
                    {sql(films[0].text()), sql(heir.text())});
    });
    const auto before = count("outbox WHERE type = 'video.changed'");
    tell("user.deleted", 2, R"(,"hand_over_to":")" + heir.text() + "\"");
    for (const auto id : films) {
        EXPECT_EQ(find(id)->owner_id, heir.text());
        EXPECT_FALSE(find(id)->deleted_us);
        EXPECT_EQ(find(id)->visibility, "private");
    }
    EXPECT_EQ(find(thrown_away)->owner_id, user.text()) << "what was thrown away stays so";
    EXPECT_EQ(count("video_shares"), 0) << "an owner is not named beside";
    EXPECT_EQ(count("outbox WHERE type = 'video.changed'") - before, 205);
    EXPECT_FALSE(standing()->enabled);
    // Told again, nothing is done again.
    tell("user.deleted", 2, R"(,"hand_over_to":")" + heir.text() + "\"");
    EXPECT_EQ(count("outbox WHERE type = 'video.changed'") - before, 205);
}

TEST_F(UsersTest, An_heir_who_is_gone_too_gets_nothing) {
    tell("user.created", 1);
    const auto heir = UserId::make();
    service.write([&](SqlSession& session) {
        session.run(
            "INSERT INTO users (id, version, first_name, last_name, email, role, enabled, deleted, not_before_us) "
            "VALUES ($1, 2, '', '', '', 'viewer', 0, 1, 0)",
            {sql(heir.text())});
    });
    Video mine;
    mine.owner_id = user.text();
    mine.status = VideoStatus::ready;
    const auto film = add(mine).id;
    tell("user.deleted", 2, R"(,"hand_over_to":")" + heir.text() + "\"");
    EXPECT_TRUE(find(film)->deleted_us);
}

TEST_F(UsersTest, Events_that_name_nobody_are_left_out) {
    Event event;
    event.id = EventId::make();
    event.type = "user.changed";
    event.data = R"({"user_id":"x"})";
    service.loop.run(bus.publish(event));
    EXPECT_EQ(count("users"), 0);
}

// Another process takes the events; this one reads its rows anew within a second.
TEST_F(UsersTest, What_another_process_wrote_counts_within_a_second) {
    tell("user.created", 1);
    EXPECT_TRUE(standing()->enabled);
    service.write(
        [this](SqlSession& session) { session.run("UPDATE users SET enabled = 0 WHERE id = $1", {sql(user.text())}); });
    service.loop.run(sleep_for(std::chrono::milliseconds(1050)));
    EXPECT_FALSE(standing()->enabled);
}

}  // namespace
}  // namespace movio::catalog
