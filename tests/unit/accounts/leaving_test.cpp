#include <gtest/gtest.h>

#include "accounts/endpoints/me.hpp"
#include "accounts/user_events.hpp"
#include "base/clock.hpp"
#include "support/asking.hpp"
#include "unit/accounts/accounts_fixture.hpp"

namespace movio::accounts {
namespace {

class Leaving : public ::testing::Test, protected test::Accounts {
protected:
    Leaving() { add_me_endpoints(router, accounts); }

    movio::test::Reply ask(http::Method method, UserId who, std::string body) {
        movio::test::Question question;
        question.method = method;
        question.target = "/api/v2/me";
        question.caller = http::Caller{who};
        question.body = std::move(body);
        question.content_type = "application/json";
        return movio::test::ask(service.loop, router, std::move(question));
    }
    movio::test::Reply change(UserId who, std::string body) { return ask(http::Method::patch, who, std::move(body)); }
    movio::test::Reply remove(UserId who, std::string body) { return ask(http::Method::del, who, std::move(body)); }
    std::string field_in(const movio::test::Reply& reply) {
        const auto errors = reply.json.find("errors");
        return errors && errors->size() == 1 ? errors->at(0).text_or("field", "") : "";
    }
    bool is_there(UserId id) { return !user(id).deleted_us.has_value(); }
    JsonView last_event() { return data_of(events().back()); }
    void make_admin(UserId id) { ASSERT_TRUE(service.loop.run(accounts.set_role(id, Role::admin))); }

    http::Router router;
};

TEST_F(Leaving, A_phone_number_is_kept_in_international_form_and_told) {
    const auto ada = sign_up();
    const auto set = change(ada.id, R"({"phone_number":" +49 (30) 123-456 "})");
    EXPECT_EQ(set.status, 200) << set.text;
    EXPECT_EQ(set.json.text_or("phone_number", ""), "+4930123456");
    EXPECT_EQ(set.headers.find("cache-control"), "no-store");
    EXPECT_EQ(user(ada.id).phone_number, "+4930123456");
    EXPECT_EQ(events().back().type, kUserChanged);
    EXPECT_EQ(last_event().text_or("phone_number", ""), "+4930123456");
    EXPECT_EQ(last_event().integer_or("version", 0), 2);

    EXPECT_EQ(change(ada.id, "{}").json.text_or("phone_number", ""), "+4930123456") << "what is left out stays";
    EXPECT_EQ(user(ada.id).version, 2);
    EXPECT_EQ(change(ada.id, R"({"phone_number":" "})").status, 200);
    EXPECT_FALSE(user(ada.id).phone_number);
}

TEST_F(Leaving, A_bad_phone_number_is_refused_with_its_field) {
    const auto ada = sign_up();
    for (const auto* bad : {R"({"phone_number":"030 123456"})", R"({"phone_number":"+12"})", R"({"phone_number":7})"}) {
        const auto refused = change(ada.id, bad);
        EXPECT_EQ(refused.status, 400) << bad;
        EXPECT_EQ(field_in(refused), "phone_number") << refused.text;
    }
    EXPECT_FALSE(user(ada.id).phone_number);
    EXPECT_EQ(change(ada.id, R"({"role":"admin"})").status, 400);
    EXPECT_EQ(user(ada.id).role, Role::uploader);
}

TEST_F(Leaving, Takes_the_password_and_leaves_nothing_but_the_id) {
    const auto ada = sign_up();
    const auto wrong = remove(ada.id, R"({"password":"another1"})");
    EXPECT_EQ(wrong.status, 403) << "not 401: the log-in counts";
    EXPECT_EQ(field_in(wrong), "password");
    EXPECT_EQ(remove(ada.id, "{}").status, 400);
    EXPECT_TRUE(is_there(ada.id));

    const auto done = remove(ada.id, R"({"password":"secret1"})");
    EXPECT_EQ(done.status, 204);
    EXPECT_TRUE(done.headers.find("set-cookie")->contains("Max-Age=0"));
    EXPECT_FALSE(is_there(ada.id));
    EXPECT_EQ(user(ada.id).email, "");
    EXPECT_EQ(events().back().type, kUserDeleted);
    EXPECT_FALSE(last_event().find("hand_over_to"));
    EXPECT_FALSE(log_in("ada"));
    EXPECT_EQ(remove(ada.id, R"({"password":"secret1"})").status, 404);
    EXPECT_EQ(change(ada.id, R"({"phone_number":"+4930123456"})").status, 404);
}

TEST_F(Leaving, Guessing_the_password_is_slowed_down) {
    const auto ada = sign_up();
    const auto leave = [&](std::string password) {
        return service.loop.run(accounts.leave(ada.id, std::move(password), "192.0.2.1", ""));
    };
    for (int i = 0; i <= limits::kLogInMistakesFree; ++i) EXPECT_EQ(leave("wrong").error().log_in->wait.count(), 0);
    EXPECT_GT(leave("secret1").error().log_in->wait.count(), 0) << "even where it is the right one";
    EXPECT_TRUE(is_there(ada.id));
}

TEST_F(Leaving, Films_are_handed_over_to_somebody_who_is_here) {
    const auto ada = sign_up();
    const auto eve = sign_up("eve");
    const auto bob = sign_up("bob");
    EXPECT_TRUE(service.loop.run(accounts.disable(bob.id)));
    for (const auto* nobody : {"nobody@example.org", "ada@example.org", "bob@example.org"}) {
        const auto refused = remove(ada.id, fmt::format(R"({{"password":"secret1","hand_over_to":"{}"}})", nobody));
        EXPECT_EQ(refused.status, 400) << nobody;
        EXPECT_EQ(field_in(refused), "hand_over_to");
    }
    EXPECT_TRUE(is_there(ada.id));
    EXPECT_EQ(remove(ada.id, R"({"password":"secret1","hand_over_to":" EVE@example.org "})").status, 204);
    EXPECT_EQ(last_event().text_or("hand_over_to", ""), eve.id.text());
    EXPECT_EQ(user(ada.id).hand_over_to, eve.id);
    // Whoever hears of it late hears the same.
    service.loop.run(accounts.resync());
    int told = 0;
    for (const auto& event : events())
        if (event.type == kUserDeleted && data_of(event).text_or("hand_over_to", "") == eve.id.text()) ++told;
    EXPECT_EQ(told, 2);
}

TEST_F(Leaving, Administrators_hand_films_over_too) {
    const auto ada = sign_up();
    const auto eve = sign_up("eve");
    EXPECT_EQ(service.loop.run(accounts.erase(ada.id, "nobody@example.org")).error().code, ErrorCode::invalid);
    EXPECT_TRUE(is_there(ada.id));
    EXPECT_EQ(service.loop.run(accounts.erase(ada.id, "eve@example.org")).value().hand_over_to, eve.id);
    EXPECT_EQ(service.loop.run(accounts.erase(ada.id)).error().code, ErrorCode::not_found);
}

TEST_F(Leaving, The_last_administrator_who_can_log_in_stays) {
    const auto ada = sign_up();
    const auto eve = sign_up("eve");
    make_admin(ada.id);
    // One without a password can do nothing here.
    auto bot = form("bot");
    bot.values.password.reset();
    ASSERT_TRUE(service.loop.run(accounts.add(std::move(bot), Role::admin)));
    EXPECT_EQ(remove(ada.id, R"({"password":"secret1"})").status, 409);
    EXPECT_TRUE(is_there(ada.id));
    make_admin(eve.id);
    EXPECT_TRUE(service.loop.run(accounts.disable(eve.id)));
    EXPECT_EQ(remove(ada.id, R"({"password":"secret1"})").status, 409);
    EXPECT_TRUE(service.loop.run(accounts.enable(eve.id)));
    EXPECT_EQ(remove(ada.id, R"({"password":"secret1"})").status, 204);
    EXPECT_EQ(remove(eve.id, R"({"password":"secret1"})").status, 409);
}

}  // namespace
}  // namespace movio::accounts
