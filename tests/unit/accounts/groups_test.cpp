#include "accounts/groups.hpp"

#include <algorithm>

#include <gmock/gmock.h>

#include "base/limits.hpp"
#include "unit/accounts/accounts_fixture.hpp"

namespace movio::accounts {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class GroupsTest : public ::testing::Test, protected test::Accounts {
protected:
    template <class T>
    T run(Awaitable<T> task) {
        return service.loop.run(std::move(task));
    }
    Group made(std::string name = "Algebra") { return run(groups.make(std::move(name), "course")).value(); }
    std::vector<std::string> emails(GroupId id) {
        std::vector<std::string> out;
        for (const auto& member : run(groups.members(id)).value()) out.push_back(member.email);
        return out;
    }
    // Of the event told last.
    JsonView told() {
        const auto last = events().back();
        EXPECT_EQ(last.type, "group.changed");
        return data_of(last);
    }
    static std::vector<std::string> members_in(const JsonView& data) {
        std::vector<std::string> out;
        const auto list = data.find("members");
        for (std::size_t i = 0; list && i < list->size(); ++i) out.emplace_back(list->at(i).text().value());
        return out;
    }
    std::size_t count_told() {
        const auto types = event_types();
        return static_cast<std::size_t>(std::ranges::count(types, "group.changed"));
    }

    Groups groups{service.database, outbox};
};

TEST_F(GroupsTest, One_is_made_listed_called_otherwise_and_deleted_and_each_is_told) {
    const auto algebra = made(" Algebra ");
    EXPECT_EQ(algebra.name, "Algebra");
    EXPECT_EQ(algebra.kind, "course");
    EXPECT_EQ(told().text_or("group_id", ""), algebra.id.text());
    EXPECT_EQ(told().text_or("name", ""), "Algebra");
    EXPECT_EQ(told().text_or("kind", ""), "course");
    EXPECT_EQ(told().integer_or("version", 0), 1);
    EXPECT_FALSE(told().boolean_or("deleted", true));
    const auto biology = run(groups.make("Biology", "department")).value();
    EXPECT_EQ(run(groups.find_named("Biology")).value().id, biology.id);
    EXPECT_EQ(run(groups.find_named(biology.id.text())).value().name, "Biology");

    const auto changed = run(groups.change(algebra.id, {.name = "Zoology"})).value();
    EXPECT_EQ(changed.name, "Zoology");
    EXPECT_EQ(changed.kind, "course");
    EXPECT_EQ(told().integer_or("version", 0), 2);
    const auto all = run(groups.list());
    ASSERT_EQ(all.size(), 2);
    EXPECT_EQ(all[0].name, "Biology");
    EXPECT_EQ(all[1].name, "Zoology");
    EXPECT_TRUE(run(groups.change(algebra.id, {.name = "Zoology", .kind = "course"})));
    EXPECT_EQ(count_told(), 3) << "nothing was changed";

    EXPECT_TRUE(run(groups.remove(algebra.id)));
    EXPECT_TRUE(told().boolean_or("deleted", false));
    EXPECT_EQ(told().integer_or("version", 0), 3);
    EXPECT_EQ(told().text_or("name", "-"), "");
    EXPECT_EQ(run(groups.remove(algebra.id)).error().code, ErrorCode::not_found);
    EXPECT_EQ(run(groups.change(algebra.id, {.name = "A", .kind = "group"})).error().code, ErrorCode::not_found);
    EXPECT_EQ(run(groups.members(algebra.id)).error().code, ErrorCode::not_found);
    EXPECT_EQ(run(groups.find_named("Zoology")).error().code, ErrorCode::not_found);
    EXPECT_TRUE(run(groups.make("Zoology", "group"))) << "its name is free";
}

TEST_F(GroupsTest, Names_and_kinds_that_cannot_be_are_refused) {
    const auto algebra = made();
    for (const auto& bad : {std::string(), std::string("  "), std::string(101, 'x'), std::string("two\nlines")}) {
        EXPECT_EQ(run(groups.make(bad, "group")).error().code, ErrorCode::invalid) << bad;
        EXPECT_EQ(run(groups.change(algebra.id, {.name = bad})).error().code, ErrorCode::invalid) << bad;
    }
    EXPECT_EQ(run(groups.make("Band", "orchestra")).error().code, ErrorCode::invalid);
    EXPECT_EQ(run(groups.change(algebra.id, {.kind = "orchestra"})).error().code, ErrorCode::invalid);
    EXPECT_EQ(run(groups.make("Algebra", "group")).error().code, ErrorCode::conflict);
    const auto other = made("Biology");
    EXPECT_EQ(run(groups.change(other.id, {.name = "Algebra"})).error().code, ErrorCode::conflict);
    EXPECT_EQ(count_told(), 2);
}

TEST_F(GroupsTest, There_is_an_end_of_groups) {
    service.write([](SqlSession& session) {
        session.run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
            "INSERT INTO user_groups (id, name, kind, created_us, updated_us) SELECT 'g' || i, 'n' || i, 'group', 1, 1 "
            "FROM n");
    });
    EXPECT_EQ(run(groups.make("One more", "group")).error().code, ErrorCode::conflict);
}

TEST_F(GroupsTest, Members_come_and_go_by_hand) {
    const auto ada = sign_up("ada").id;
    const auto eve = sign_up("eve").id;
    const auto algebra = made();
    const auto added = run(groups.add_member(algebra.id, " ADA@example.org ")).value();
    EXPECT_EQ(added.user, ada);
    EXPECT_EQ(added.name, "Ada Lovelace");
    EXPECT_THAT(members_in(told()), ElementsAre(ada.text()));
    EXPECT_TRUE(run(groups.add_member(algebra.id, "eve@example.org")));
    EXPECT_EQ(told().integer_or("version", 0), 3);
    EXPECT_EQ(members_in(told()).size(), 2);
    EXPECT_EQ(run(groups.list())[0].members, 2);
    EXPECT_THAT(emails(algebra.id), ElementsAre("ada@example.org", "eve@example.org"));
    EXPECT_TRUE(run(groups.add_member(algebra.id, "eve@example.org"))) << "again is no mistake";
    EXPECT_EQ(count_told(), 3);

    EXPECT_TRUE(run(groups.remove_member(algebra.id, ada)));
    EXPECT_THAT(members_in(told()), ElementsAre(eve.text()));
    EXPECT_EQ(run(groups.remove_member(algebra.id, ada)).error().code, ErrorCode::not_found);
    EXPECT_EQ(run(groups.remove_member(GroupId::make(), eve)).error().code, ErrorCode::not_found);
    EXPECT_EQ(run(groups.add_member(GroupId::make(), "eve@example.org")).error().code, ErrorCode::not_found);
    const auto nobody = run(groups.add_member(algebra.id, "nobody@example.org"));
    EXPECT_EQ(nobody.error().code, ErrorCode::invalid);
    EXPECT_THAT(nobody.error().message, HasSubstr("nobody@example.org"));
}

TEST_F(GroupsTest, A_list_makes_its_people_the_members_and_nobody_else) {
    const auto ada = sign_up("ada").id;
    sign_up("eve");
    sign_up("bob");
    const auto algebra = made();
    ASSERT_TRUE(run(groups.add_member(algebra.id, "ada@example.org")));
    ASSERT_TRUE(run(groups.add_member(algebra.id, "bob@example.org")));
    const auto before = count_told();
    const auto put = run(groups.put_members(algebra.id, "name,email\nA,ada@example.org\nE,Eve@Example.org\n")).value();
    EXPECT_EQ(put.members, 2);
    EXPECT_EQ(put.added, 1);
    EXPECT_EQ(put.removed, 1);
    EXPECT_THAT(emails(algebra.id), ElementsAre("ada@example.org", "eve@example.org"));
    EXPECT_EQ(count_told(), before + 1) << "one event, however many came and went";
    EXPECT_THAT(members_in(told()), ::testing::Contains(ada.text()));
    EXPECT_EQ(run(groups.put_members(algebra.id, "eve@example.org\nada@example.org")).value().added, 0);
    EXPECT_EQ(count_told(), before + 1);
    EXPECT_EQ(run(groups.put_members(algebra.id, "email\n")).value().removed, 2);
    EXPECT_THAT(members_in(told()), IsEmpty());
    EXPECT_EQ(run(groups.put_members(GroupId::make(), "email\n")).error().code, ErrorCode::not_found);
}

TEST_F(GroupsTest, A_list_that_names_a_stranger_changes_nothing_and_names_them) {
    sign_up("ada");
    sign_up("eve");
    const auto algebra = made();
    ASSERT_TRUE(run(groups.add_member(algebra.id, "ada@example.org")));
    const auto before = count_told();
    const auto refused = run(groups.put_members(algebra.id, "eve@example.org\nx@example.org\ny@example.org\n"));
    EXPECT_EQ(refused.error().code, ErrorCode::invalid);
    EXPECT_THAT(refused.error().message,
                AllOf(HasSubstr("x@example.org, y@example.org"), Not(HasSubstr("eve@example.org"))));
    EXPECT_EQ(run(groups.put_members(algebra.id, "email\neve\n")).error().code, ErrorCode::invalid);
    EXPECT_THAT(emails(algebra.id), ElementsAre("ada@example.org"));
    EXPECT_EQ(count_told(), before);
    std::string many;
    for (int i = 0; i < 60; ++i) many += "s" + std::to_string(i) + "@example.org\n";
    EXPECT_THAT(run(groups.put_members(algebra.id, many)).error().message, HasSubstr(" and 10 more of the list"));
}

TEST_F(GroupsTest, A_full_group_takes_nobody_in) {
    sign_up("ada");
    const auto algebra = made();
    service.write([&](SqlSession& session) {
        session.run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) "
            "INSERT INTO users (id, first_name, last_name, email, email_key, role, created_us, updated_us) "
            "SELECT 'u' || i, 'U', 'V', i || '@example.org', i || '@example.org', 'viewer', 1, 1 FROM n",
            {sql(limits::kGroupMembersMax)});
        session.run(
            "INSERT INTO user_group_members (group_id, user_id, added_us) SELECT $1, id, 1 FROM users "
            "WHERE first_name = 'U'",
            {sql(algebra.id.text())});
    });
    EXPECT_EQ(run(groups.add_member(algebra.id, "ada@example.org")).error().code, ErrorCode::conflict);
}

TEST_F(GroupsTest, Who_is_deleted_is_in_no_group_and_each_group_is_told) {
    const auto ada = sign_up("ada").id;
    sign_up("eve");
    const auto algebra = made();
    const auto biology = made("Biology");
    made("Chemistry");
    for (const auto& group : {algebra, biology}) ASSERT_TRUE(run(groups.add_member(group.id, "ada@example.org")));
    ASSERT_TRUE(run(groups.add_member(biology.id, "eve@example.org")));
    const auto before = count_told();
    ASSERT_TRUE(run(accounts.disable(ada)));
    EXPECT_EQ(emails(algebra.id).size(), 1) << "who is disabled comes back as a member";
    ASSERT_TRUE(run(accounts.erase(ada)));
    EXPECT_EQ(count_told(), before + 2);
    EXPECT_THAT(emails(algebra.id), IsEmpty());
    EXPECT_THAT(emails(biology.id), ElementsAre("eve@example.org"));
}

TEST_F(GroupsTest, Resync_tells_of_all_as_they_are) {
    const auto ada = sign_up("ada").id;
    std::vector<GroupId> ids;
    for (int i = 0; i < 45; ++i) ids.push_back(made("Group " + std::to_string(i)).id);
    ASSERT_TRUE(run(groups.add_member(ids[7], "ada@example.org")));
    ASSERT_TRUE(run(groups.remove(ids[8])));
    const auto before = events().size();
    service.loop.run(groups.resync());
    const auto all = events();
    std::map<std::string, JsonView> data;
    for (std::size_t i = before; i < all.size(); ++i)
        data.emplace(data_of(all[i]).text_or("group_id", ""), data_of(all[i]));
    ASSERT_EQ(data.size(), 45);
    EXPECT_THAT(members_in(data.at(ids[7].text())), ElementsAre(ada.text()));
    EXPECT_EQ(data.at(ids[7].text()).integer_or("version", 0), 2) << "the version is that of the last change";
    EXPECT_TRUE(data.at(ids[8].text()).boolean_or("deleted", false));
    EXPECT_FALSE(data.at(ids[9].text()).boolean_or("deleted", true));
}

}  // namespace
}  // namespace movio::accounts
