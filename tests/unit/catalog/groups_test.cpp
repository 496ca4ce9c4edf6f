#include "catalog/groups.hpp"

#include <gtest/gtest.h>

#include "adapters/memory/event_bus.hpp"
#include "catalog/audience.hpp"
#include "catalog/users.hpp"
#include "support/films.hpp"

namespace movio::catalog {
namespace {

class GroupsTest : public test::FilmShelf, public ::testing::Test {
protected:
    void SetUp() override {
        groups.subscribe(bus, service.loop.executor());
        users.subscribe(bus, service.loop.executor());
        film = add_film();
        service.write([this](SqlSession& session) { set_groups(session, film.id, {group}); });
    }
    void TearDown() override { service.loop.run(bus.stop()); }

    Video add_film() {
        Video video;
        video.owner_id = UserId::make().text();
        video.status = VideoStatus::ready;
        video.visibility = "group";
        return add(std::move(video));
    }
    void publish(const std::string& type, std::string data) {
        Event event;
        event.id = EventId::make();
        event.type = type;
        event.data = std::move(data);
        service.loop.run(bus.publish(std::move(event)));
    }
    void tell(std::int64_t version, const std::vector<UserId>& members, bool deleted = false) {
        JsonWriter data;
        data.begin_object()
            .member("group_id", group.text())
            .member("version", version)
            .member("name", "Version " + std::to_string(version))
            .member("kind", "course")
            .member("deleted", deleted)
            .key("members")
            .begin_array();
        for (const auto& member : members) data.value(member.text());
        data.end_array().end_object();
        publish("group.changed", data.take());
    }
    bool sees(UserId user) {
        return service.read([&](SqlSession& session) { return reaches(session, {.user = user}, film); });
    }
    std::vector<Group> chosen_by(UserId user) {
        return service.read([&](SqlSession& session) { return groups_to_choose(session, {.user = user}); });
    }

    const GroupId group = GroupId::make();
    const UserId ada = UserId::make();
    const UserId eve = UserId::make();
    Video film;
    InProcessEventBus bus;
    Groups groups{service.database, watch};
    Users users{service.database, outbox, watch};
};

TEST_F(GroupsTest, Members_see_the_films_of_their_group_and_who_leaves_does_not) {
    EXPECT_FALSE(sees(ada));
    tell(1, {ada});
    EXPECT_TRUE(sees(ada));
    EXPECT_FALSE(sees(eve));
    tell(2, {ada, eve});
    EXPECT_TRUE(sees(eve));
    ASSERT_EQ(chosen_by(eve).size(), 1);
    EXPECT_EQ(chosen_by(eve)[0].name, "Version 2");
    EXPECT_EQ(chosen_by(eve)[0].kind, "course");
    tell(3, {eve});
    EXPECT_FALSE(sees(ada));
    EXPECT_TRUE(sees(eve));
    EXPECT_TRUE(chosen_by(ada).empty());
}

TEST_F(GroupsTest, Only_a_version_that_is_not_lower_counts) {
    tell(5, {ada});
    tell(4, {eve});
    EXPECT_TRUE(sees(ada));
    EXPECT_FALSE(sees(eve));
    service.write([](SqlSession& session) { session.run("DELETE FROM group_members"); });
    tell(5, {ada});
    EXPECT_TRUE(sees(ada)) << "told again it mends what was lost";
}

TEST_F(GroupsTest, Who_looks_at_a_film_of_the_group_is_told_that_it_changed) {
    const auto other = add_film();
    int told = 0;
    const auto subscription = watch.subscribe({film.id}, [&told](VideoId) { ++told; });
    int others = 0;
    const auto second = watch.subscribe({other.id}, [&others](VideoId) { ++others; });
    tell(1, {ada});
    tell(2, {});
    EXPECT_EQ(told, 2);
    tell(1, {ada});
    EXPECT_EQ(told, 2) << "nothing was changed";
    EXPECT_EQ(others, 0);
}

TEST_F(GroupsTest, A_group_that_is_gone_stays_so_whatever_comes_late) {
    tell(1, {ada});
    tell(3, {}, true);
    EXPECT_FALSE(sees(ada));
    EXPECT_EQ(count("video_groups"), 0);
    EXPECT_TRUE(service.read([&](SqlSession& session) { return groups_of(session, film.id); }).empty());
    tell(2, {ada});
    tell(4, {ada});
    EXPECT_EQ(count("group_members"), 0);
    EXPECT_TRUE(chosen_by(ada).empty());
}

TEST_F(GroupsTest, Who_is_deleted_is_in_no_group_whatever_comes_late) {
    tell(1, {ada, eve});
    publish("user.deleted", R"({"user_id":")" + ada.text() + R"(","version":2})");
    EXPECT_FALSE(sees(ada));
    tell(1, {ada, eve});
    EXPECT_FALSE(sees(ada));
    EXPECT_TRUE(sees(eve));
}

TEST_F(GroupsTest, Events_that_name_no_group_are_left_out) {
    publish("group.changed", R"({"group_id":"algebra","version":1,"members":[]})");
    EXPECT_EQ(count("user_groups"), 0);
    publish("group.changed", R"({"group_id":")" + group.text() + R"(","version":1,"members":["x",5]})");
    EXPECT_EQ(count("user_groups"), 1);
    EXPECT_EQ(count("group_members"), 0);
}

}  // namespace
}  // namespace movio::catalog
