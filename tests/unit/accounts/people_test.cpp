#include "accounts/people.hpp"

#include <gmock/gmock.h>

#include "accounts/endpoints/people.hpp"
#include "accounts/schemas.hpp"
#include "support/asking.hpp"
#include "unit/accounts/accounts_fixture.hpp"

namespace movio::accounts {
namespace {

using http::Method;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PeopleTest : public ::testing::Test, protected test::Accounts {
protected:
    PeopleTest() { add_people_endpoints(router, people, accounts); }

    movio::test::Reply ask(Method method, const std::string& target, std::string body = {}) {
        return movio::test::ask(service.loop, router,
                                {.method = method,
                                 .target = "/api/v2/admin/users" + target,
                                 .caller = http::Caller{admin.id, true},
                                 .body = std::move(body),
                                 .content_type = "application/json"});
    }
    std::vector<std::string> names(const std::string& query) {
        std::vector<std::string> found;
        const auto listed = ask(Method::get, query);
        EXPECT_EQ(listed.status, 200) << listed.text;
        const auto items = listed.json.find("items").value();
        for (std::size_t i = 0; i < items.size(); ++i) found.push_back(items.at(i).text_or("username", ""));
        return found;
    }

    People people{service.database};
    http::Router router;
    const User admin = service.loop.run(accounts.add(form("root"), Role::admin)).value();
    const User ada = sign_up("ada");
    const User bob = sign_up("bob");
};

TEST_F(PeopleTest, List_is_paged_newest_first) {
    EXPECT_THAT(names(""), ElementsAre("bob", "ada", "root"));
    const auto first = ask(Method::get, "?limit=2");
    EXPECT_EQ(first.json.find("items")->size(), 2U);
    EXPECT_THAT(names("?limit=2&cursor=" + first.json.text_or("next", "")), ElementsAre("root"));
    EXPECT_TRUE(ask(Method::get, "?limit=3").json.find("next")->is_null());
}

TEST_F(PeopleTest, List_is_filtered_by_text_role_and_state) {
    EXPECT_THAT(names("?q=BOB%40example"), ElementsAre("bob"));
    EXPECT_THAT(names("?q=ada%20lovelace%20bob"), ElementsAre("bob")) << "name and user name stand side by side";
    EXPECT_THAT(names("?q=%25"), IsEmpty()) << "a percent sign stands for itself";
    EXPECT_THAT(names("?role=admin"), ElementsAre("root"));
    service.loop.run(accounts.disable(ada.id)).value();
    EXPECT_THAT(names("?state=disabled"), ElementsAre("ada"));
    EXPECT_THAT(names("?state=enabled"), ElementsAre("bob", "root"));
    service.loop.run(accounts.erase(bob.id)).value();
    EXPECT_THAT(names(""), ElementsAre("ada", "root"));
    const auto gone = ask(Method::get, "?state=deleted").json.find("items").value();
    ASSERT_EQ(gone.size(), 1U);
    EXPECT_EQ(gone.at(0).text_or("id", ""), bob.id.text());
    EXPECT_EQ(gone.at(0).text_or("email", "?"), "");
    EXPECT_EQ(gone.at(0).text_or("state", ""), "deleted");
    EXPECT_EQ(ask(Method::get, "?role=king").status, 400);
}

TEST_F(PeopleTest, User_is_shown_with_the_last_use_of_a_log_in) {
    const auto path = "/" + ada.id.text();
    EXPECT_TRUE(ask(Method::get, path).json.find("seen_at")->is_null()) << "v1's log-ins are not remembered";
    service.loop.run(accounts.log_in("ada", "secret1", {}, SessionWish{})).value();
    const auto shown = ask(Method::get, path);
    EXPECT_THAT(shown.json.text_or("seen_at", ""), HasSubstr("T"));
    EXPECT_EQ(shown.json.text_or("role", ""), "uploader");
    EXPECT_EQ(shown.json.text_or("state", ""), "enabled");
    EXPECT_EQ(ask(Method::get, "/" + UserId::make().text()).status, 404);
    EXPECT_THAT(shown.text, ::testing::Not(HasSubstr("password")));
}

TEST_F(PeopleTest, Role_and_state_are_changed_and_told) {
    const auto path = "/" + ada.id.text();
    const auto changed = ask(Method::patch, path, R"({"role":"moderator","disabled":true})");
    ASSERT_EQ(changed.status, 200) << changed.text;
    EXPECT_EQ(changed.json.text_or("role", ""), "moderator");
    EXPECT_EQ(changed.json.text_or("state", ""), "disabled");
    EXPECT_FALSE(log_in("ada"));
    EXPECT_EQ(event_types().back(), "user.disabled");
    EXPECT_EQ(ask(Method::patch, path, R"({"disabled":false})").json.text_or("state", ""), "enabled");
    EXPECT_TRUE(log_in("ada"));
    EXPECT_EQ(ask(Method::patch, path, R"({"role":"king"})").status, 400);
    EXPECT_EQ(ask(Method::patch, "/" + UserId::make().text(), R"({"role":"viewer"})").status, 404);
}

TEST_F(PeopleTest, Administrator_does_not_lock_themselves_out) {
    const auto path = "/" + admin.id.text();
    EXPECT_EQ(ask(Method::patch, path, R"({"role":"viewer"})").status, 409);
    EXPECT_EQ(ask(Method::patch, path, R"({"disabled":true})").status, 409);
    EXPECT_EQ(ask(Method::del, path).status, 409);
    EXPECT_EQ(user(admin.id).role, Role::admin);
    EXPECT_TRUE(user(admin.id).enabled);
    EXPECT_EQ(ask(Method::patch, path, R"({"role":"admin","disabled":false})").status, 200);
}

TEST_F(PeopleTest, User_is_deleted_with_or_without_an_heir) {
    EXPECT_EQ(ask(Method::del, "/" + ada.id.text() + "?hand_over_to=nobody%40example.org").status, 400);
    EXPECT_EQ(ask(Method::del, "/" + ada.id.text() + "?hand_over_to=bob%40example.org").status, 204);
    EXPECT_EQ(user(ada.id).hand_over_to, bob.id);
    EXPECT_EQ(ask(Method::del, "/" + bob.id.text()).status, 204);
    EXPECT_EQ(user(bob.id).hand_over_to, std::nullopt);
    EXPECT_EQ(ask(Method::del, "/" + bob.id.text()).status, 404);
    EXPECT_EQ(ask(Method::patch, "/" + bob.id.text(), R"({"role":"admin"})").status, 404);
}

TEST_F(PeopleTest, User_is_logged_out_everywhere) {
    service.loop.run(accounts.log_in("ada", "secret1", {}, SessionWish{})).value();
    EXPECT_EQ(ask(Method::post, "/" + ada.id.text() + "/logout").status, 204);
    EXPECT_THAT(service.loop.run(accounts.sessions().list(ada.id)), IsEmpty());
    EXPECT_EQ(ask(Method::post, "/" + UserId::make().text() + "/logout").status, 404);
}

TEST_F(PeopleTest, Endpoints_are_for_administrators_and_described) {
    const auto known = schemas();
    for (const auto* endpoint : router.descriptions()) {
        EXPECT_EQ(endpoint->access, http::Access::admin) << endpoint->path;
        for (const auto& answer : endpoint->answers)
            EXPECT_TRUE(answer.schema.empty() || known.contains(answer.schema)) << answer.schema;
    }
}

}  // namespace
}  // namespace movio::accounts
