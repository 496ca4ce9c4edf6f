#include "accounts/email_checks.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "accounts/endpoints/email_check.hpp"
#include "accounts/invites.hpp"
#include "accounts/password_resets.hpp"
#include "base/limits.hpp"
#include "support/asking.hpp"
#include "unit/accounts/links_fixture.hpp"

namespace movio::accounts {
namespace {

using std::chrono::microseconds;

constexpr auto kNow = microseconds::zero();

class EmailChecksTest : public ::testing::Test, protected test::Links {
protected:
    // Signs up where addresses are checked.
    User newcomer(std::string_view name = "ada") { return run(checking.sign_up(form(name))).value().user; }
    std::string token_of_newcomer(std::string_view name = "ada") {
        newcomer(name);
        EXPECT_EQ(deliver(), 1);
        return token_sent();
    }
    Result<microseconds> change(UserId id, std::string email, std::string password = "secret1") {
        return run(checks.change(id, std::move(email), std::move(password)));
    }
    ErrorCode refused(std::string token) {
        const auto done = run(checks.confirm(std::move(token)));
        return done ? ErrorCode::internal : done.error().code;
    }

    AccountService checking{
        service.database,
        outbox,
        passwords,
        keys,
        {.token_lifetime_s = 3600, .signup = {.rule = SignUpFor::everybody}, .email_checks = &sender}};
    EmailChecks checks{service.database, outbox, passwords, sender, limiter};
};

TEST_F(EmailChecksTest, Who_signs_up_is_sent_a_link_that_shows_the_address_to_be_theirs) {
    const auto ada = newcomer();
    EXPECT_FALSE(ada.email_checked);
    EXPECT_FALSE(data_of(events().at(0)).boolean_or("email_checked", true));
    EXPECT_TRUE(log_in("ada")) << "one may look around";
    ASSERT_EQ(deliver(), 1);
    ASSERT_EQ(box.sent.size(), 1);
    EXPECT_EQ(box.sent[0].kind, "email.check");
    EXPECT_EQ(box.sent[0].to, "ada@example.org");
    EXPECT_EQ(box.sent[0].fields.at("link"), std::string(test::kBase) + "/check-email#" + token_sent());
    const auto done = run(checks.confirm(token_sent()));
    ASSERT_TRUE(done);
    EXPECT_TRUE(done->email_checked);
    EXPECT_EQ(event_types().back(), "user.changed");
    EXPECT_TRUE(data_of(events().back()).boolean_or("email_checked", false));
    EXPECT_EQ(user(ada.id).not_before_us, ada.not_before_us) << "nobody is logged out by it";
    EXPECT_EQ(refused(token_sent()), ErrorCode::not_found);
}

TEST_F(EmailChecksTest, Where_addresses_are_believed_and_for_whom_administrators_add_nothing_is_sent) {
    EXPECT_TRUE(sign_up("ada").email_checked);
    EXPECT_TRUE(run(checking.add(form("eve"), Role::viewer)).value().email_checked);
    Invites invites(service.database, {.rule = SignUpFor::everybody});
    const auto link = run(invites.make_first_admin_link()).value();
    EXPECT_TRUE(run(checking.sign_up(form("root"), link)).value().user.email_checked);
    EXPECT_TRUE(rows("SELECT id FROM tasks").empty());
}

TEST_F(EmailChecksTest, Nothing_that_is_kept_opens_anything_and_no_link_does_anothers_work) {
    const auto token = token_of_newcomer();
    for (const auto* statement : {"SELECT token_hash FROM sent_links", "SELECT id FROM sent_links"})
        for (const auto& kept : rows(statement)) EXPECT_EQ(refused(kept), ErrorCode::not_found) << statement;
    PasswordResets resets(service.database, checking, sender, limiter);
    EXPECT_EQ(run(resets.confirm(token, "another one")).error().code, ErrorCode::not_found);
    const auto reset = run(resets.make(user_named("ada").id)).value();
    EXPECT_EQ(refused(reset.token), ErrorCode::not_found);
    EXPECT_TRUE(run(checks.confirm(token)));
}

TEST_F(EmailChecksTest, It_is_sent_again_and_the_one_before_ends) {
    const auto ada = newcomer();
    deliver();
    const auto first = token_sent();
    EXPECT_EQ(run(checks.send_again(ada.id)).value(), kNow);
    deliver();
    EXPECT_NE(token_sent(), first);
    EXPECT_EQ(refused(first), ErrorCode::not_found);
    ASSERT_TRUE(run(checks.confirm(token_sent())));
    EXPECT_EQ(run(checks.send_again(ada.id)).error().code, ErrorCode::conflict);
    EXPECT_EQ(run(checks.send_again(UserId::make())).error().code, ErrorCode::not_found);
}

TEST_F(EmailChecksTest, It_is_sent_so_many_times_in_an_hour) {
    const auto ada = newcomer();
    for (int i = 0; i < limits::kEmailChecksPerUser; ++i) EXPECT_EQ(run(checks.send_again(ada.id)).value(), kNow);
    EXPECT_GT(run(checks.send_again(ada.id)).value(), kNow);
    EXPECT_GT(change(ada.id, "new@example.org", "a guess").value(), kNow) << "guesses at the password count, too";
    EXPECT_EQ(run(checks.send_again(newcomer("eve").id)).value(), kNow) << "others are not held up";
}

TEST_F(EmailChecksTest, It_runs_out_and_counts_for_nobody_who_is_disabled) {
    const auto token = token_of_newcomer();
    const auto ada = user_named("ada");
    ASSERT_TRUE(run(accounts.disable(ada.id)));
    EXPECT_EQ(refused(token), ErrorCode::not_found);
    ASSERT_TRUE(run(accounts.enable(ada.id)));
    service.write([](SqlSession& session) {
        session.run("UPDATE sent_links SET expires_us = expires_us - $1",
                    {sql(microseconds(limits::kEmailCheckLife).count())});
    });
    EXPECT_EQ(refused(token), ErrorCode::not_found);
    EXPECT_FALSE(user(ada.id).email_checked);
}

TEST_F(EmailChecksTest, A_new_password_leaves_it_as_it_is) {
    const auto token = token_of_newcomer();
    ASSERT_TRUE(run(accounts.change_password(user_named("ada").id, "another one")));
    EXPECT_TRUE(run(checks.confirm(token)));
}

TEST_F(EmailChecksTest, A_new_address_counts_once_it_is_checked_and_the_old_one_until_then) {
    const auto ada = sign_up("ada");
    EXPECT_EQ(change(ada.id, "countess@example.org").value(), kNow);
    EXPECT_EQ(user(ada.id).email, "ada@example.org");
    EXPECT_EQ(user(ada.id).new_email, "countess@example.org");
    EXPECT_TRUE(user(ada.id).email_checked);
    ASSERT_EQ(deliver(), 1);
    EXPECT_EQ(box.sent.back().to, "countess@example.org");
    PasswordResets resets(service.database, accounts, sender, limiter);
    const auto reset = run(resets.make(ada.id)).value();
    EXPECT_EQ(reset.link.email, "ada@example.org");
    ASSERT_TRUE(run(checks.confirm(token_sent())));
    EXPECT_EQ(user(ada.id).email, "countess@example.org");
    EXPECT_FALSE(user(ada.id).new_email);
    EXPECT_EQ(data_of(events().back()).text_or("email", ""), "countess@example.org");
    EXPECT_TRUE(log_in("COUNTESS@example.org"));
    EXPECT_FALSE(log_in("ada@example.org"));
    EXPECT_EQ(run(resets.confirm(reset.token, "another one")).error().code, ErrorCode::not_found)
        << "a link that went to the old address";
}

TEST_F(EmailChecksTest, A_new_address_is_asked_for_by_who_has_the_password_and_is_nobody_elses) {
    const auto ada = sign_up("ada");
    sign_up("eve");
    EXPECT_EQ(change(ada.id, "new@example.org", "wrong").error().code, ErrorCode::forbidden);
    EXPECT_EQ(change(ada.id, "eve@example.org").error().code, ErrorCode::conflict);
    EXPECT_EQ(change(ada.id, "no address").error().code, ErrorCode::invalid);
    EXPECT_EQ(change(UserId::make(), "new@example.org").error().code, ErrorCode::not_found);
    EXPECT_FALSE(user(ada.id).new_email);
    EXPECT_TRUE(rows("SELECT id FROM tasks").empty());
}

TEST_F(EmailChecksTest, Ones_own_address_takes_the_new_one_back) {
    const auto ada = sign_up("ada");
    ASSERT_TRUE(change(ada.id, "new@example.org"));
    deliver();
    const auto token = token_sent();
    ASSERT_TRUE(change(ada.id, "ada@example.org"));
    EXPECT_FALSE(user(ada.id).new_email);
    EXPECT_EQ(refused(token), ErrorCode::not_found);
    EXPECT_EQ(user(ada.id).email, "ada@example.org");
    EXPECT_EQ(deliver(), 0) << "that one is checked";
}

TEST_F(EmailChecksTest, Who_comes_first_has_the_address) {
    const auto ada = sign_up("ada");
    ASSERT_TRUE(change(ada.id, "shared@example.org"));
    deliver();
    sign_up("shared");
    EXPECT_EQ(refused(token_sent()), ErrorCode::conflict);
    EXPECT_EQ(user(ada.id).email, "ada@example.org");
}

TEST_F(EmailChecksTest, An_erased_user_leaves_no_address) {
    const auto ada = sign_up("ada");
    ASSERT_TRUE(change(ada.id, "new@example.org"));
    deliver();
    ASSERT_TRUE(run(accounts.erase(ada.id)));
    EXPECT_TRUE(rows("SELECT email FROM sent_links").empty());
    EXPECT_TRUE(rows("SELECT new_email FROM users WHERE new_email IS NOT NULL").empty());
    EXPECT_EQ(refused(token_sent()), ErrorCode::not_found);
}

class EmailCheckEndpoints : public EmailChecksTest {
protected:
    EmailCheckEndpoints() { add_email_check_endpoints(router, checks); }
    movio::test::Reply post(std::string target, std::string body, std::optional<UserId> user = {}) {
        std::optional<http::Caller> caller;
        if (user) caller.emplace(http::Caller{.user = *user});
        return movio::test::ask(service.loop, router,
                                {.method = http::Method::post,
                                 .target = std::move(target),
                                 .caller = caller,
                                 .body = std::move(body),
                                 .content_type = "application/json"});
    }
    http::Router router;
};

TEST_F(EmailCheckEndpoints, Link_is_sent_again_and_opened) {
    const auto ada = newcomer();
    EXPECT_EQ(post("/api/v2/me/email-check", "", ada.id).status, 202);
    deliver();
    const auto body = R"({"token":")" + token_sent() + R"("})";
    EXPECT_EQ(post("/api/v2/auth/email-check/confirm", body).status, 204);
    EXPECT_EQ(post("/api/v2/auth/email-check/confirm", body).status, 404);
    EXPECT_EQ(post("/api/v2/auth/email-check/confirm", "{}").status, 400);
    EXPECT_EQ(post("/api/v2/me/email-check", "", ada.id).status, 409);
}

TEST_F(EmailCheckEndpoints, Too_many_are_told_when_to_come_back) {
    const auto ada = newcomer();
    for (int i = 0; i < limits::kEmailChecksPerUser; ++i)
        EXPECT_EQ(post("/api/v2/me/email-check", "", ada.id).status, 202);
    const auto late = post("/api/v2/me/email-check", "", ada.id);
    EXPECT_EQ(late.status, 429);
    EXPECT_TRUE(late.headers.has("retry-after"));
}

TEST_F(EmailCheckEndpoints, New_address_needs_all_fields_and_the_password) {
    const auto ada = sign_up("ada");
    for (const auto* body : {"{}", R"({"email":"new@example.org"})", R"({"password":"secret1"})",
                             R"({"email":"nothing","password":"secret1"})",
                             R"({"email":"new@example.org","password":"secret1","role":"admin"})"})
        EXPECT_EQ(post("/api/v2/me/email", body, ada.id).status, 400) << body;
    EXPECT_EQ(post("/api/v2/me/email", R"({"email":"new@example.org","password":"wrong"})", ada.id).status, 403);
    EXPECT_EQ(post("/api/v2/me/email", R"({"email":"new@example.org","password":"secret1"})", ada.id).status, 202);
    EXPECT_EQ(user(ada.id).new_email, "new@example.org");
}

}  // namespace
}  // namespace movio::accounts
