#include "accounts/password_resets.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "accounts/api_tokens.hpp"
#include "accounts/endpoints/password_reset.hpp"
#include "async/task_group.hpp"
#include "base/limits.hpp"
#include "support/asking.hpp"
#include "unit/accounts/links_fixture.hpp"

namespace movio::accounts {
namespace {

using std::chrono::microseconds;

using test::kBase;

class PasswordResetsTest : public ::testing::Test, protected test::Links {
protected:
    microseconds ask(std::string email, std::string network = "192.0.2.1") {
        return run(resets.ask(std::move(email), std::move(network)));
    }
    std::string token_for(const std::string& email) {
        EXPECT_EQ(ask(email), microseconds::zero());
        deliver();
        return token_sent();
    }
    ErrorCode refused(std::string token, std::string password = "another one") {
        const auto done = run(resets.confirm(std::move(token), std::move(password)));
        return done ? ErrorCode::internal : done.error().code;
    }
    bool confirm(std::string token, std::string password = "another one") {
        return run(resets.confirm(std::move(token), std::move(password))).has_value();
    }
    PasswordResets resets{service.database, accounts, sender, limiter};
};

TEST_F(PasswordResetsTest, The_link_that_is_sent_sets_a_password_once) {
    const auto ada = sign_up("ada");
    const auto token = token_for("ADA@example.org");
    ASSERT_EQ(box.sent.size(), 1);
    EXPECT_EQ(box.sent[0].kind, "password.reset");
    EXPECT_EQ(box.sent[0].to, "ada@example.org");
    EXPECT_EQ(box.sent[0].fields.at("name"), "Ada");
    EXPECT_EQ(box.sent[0].fields.at("link"), std::string(kBase) + "/reset-password#" + token);
    EXPECT_EQ(token.size(), 43);
    EXPECT_TRUE(log_in("ada")) << "the old password counts until a new one is set";
    ASSERT_TRUE(confirm(token));
    EXPECT_FALSE(log_in("ada"));
    EXPECT_TRUE(log_in("ada", "another one"));
    EXPECT_EQ(event_types().back(), "user.changed");
    EXPECT_EQ(refused(token, "a third one"), ErrorCode::not_found);
    EXPECT_TRUE(log_in("ada", "another one"));
    EXPECT_GT(user(ada.id).not_before_us, 0) << "what was issued until now ends";
}

TEST_F(PasswordResetsTest, Nothing_that_is_kept_opens_anything) {
    sign_up("ada");
    const auto token = token_for("ada@example.org");
    for (const auto* statement : {"SELECT token_hash FROM sent_links", "SELECT id FROM sent_links",
                                  "SELECT args FROM tasks", "SELECT subject FROM jobs", "SELECT id FROM tasks"})
        for (const auto& kept : rows(statement)) {
            EXPECT_EQ(kept.find(token), std::string::npos) << statement;
            EXPECT_EQ(refused(kept), ErrorCode::not_found) << statement;
        }
    EXPECT_TRUE(confirm(token));
}

TEST_F(PasswordResetsTest, Whoever_asks_for_an_address_that_nobody_has_causes_the_same_rows_and_no_notice) {
    sign_up("ada");
    const auto disabled = sign_up("eve");
    ASSERT_TRUE(run(accounts.disable(disabled.id)));
    ASSERT_TRUE(run(accounts.ensure_admin())) << "without a password";
    for (const auto* email : {"nobody@example.org", "eve@example.org", "admin@localhost", "no address"})
        EXPECT_EQ(ask(email), microseconds::zero()) << email;
    EXPECT_EQ(ask(std::string("ada\0@example.org", 16)), microseconds::zero());
    EXPECT_EQ(rows("SELECT id FROM tasks").size(), 5);
    EXPECT_EQ(deliver(), 5);
    EXPECT_TRUE(box.sent.empty());
    EXPECT_TRUE(rows("SELECT id FROM sent_links").empty());
    for (const auto& args : rows("SELECT args FROM tasks"))
        EXPECT_EQ(args.find("example.org"), std::string::npos) << "what strangers type is not kept";
}

TEST_F(PasswordResetsTest, A_newer_one_ends_the_one_before_whatever_order_they_are_sent_in) {
    sign_up("ada");
    const auto first = token_for("ada@example.org");
    const auto second = token_for("ada@example.org");
    EXPECT_NE(first, second);
    EXPECT_EQ(refused(first), ErrorCode::not_found);
    EXPECT_TRUE(confirm(second));
}

TEST_F(PasswordResetsTest, An_attempt_that_comes_late_does_not_end_a_newer_one) {
    const auto ada = sign_up("ada");
    ASSERT_EQ(ask("ada@example.org"), microseconds::zero());
    const auto newer = run(resets.make(ada.id)).value();
    deliver();
    EXPECT_TRUE(box.sent.empty());
    EXPECT_TRUE(confirm(newer.token));
}

TEST_F(PasswordResetsTest, While_the_carrier_is_out_it_is_tried_again_with_the_same_link) {
    sign_up("ada");
    box.outages = 1;
    const auto token = token_for("ada@example.org");
    ASSERT_EQ(box.lost.size(), 1);
    ASSERT_EQ(box.sent.size(), 1);
    EXPECT_EQ(box.lost[0].id, box.sent[0].id);
    EXPECT_EQ(box.lost[0].fields, box.sent[0].fields);
    EXPECT_TRUE(confirm(token));
}

TEST_F(PasswordResetsTest, What_is_sent_again_after_it_was_used_gives_no_second_password) {
    sign_up("ada");
    const auto token = token_for("ada@example.org");
    ASSERT_TRUE(confirm(token));
    service.write([](SqlSession& session) {
        session.run("UPDATE jobs SET state = 'running', ended_us = NULL");
        session.run("UPDATE tasks SET state = 'ready', ended_us = NULL");
    });
    EXPECT_EQ(deliver(), 1);
    EXPECT_EQ(box.sent.size(), 1);
    EXPECT_EQ(refused(token), ErrorCode::not_found);
}

TEST_F(PasswordResetsTest, It_ends_with_what_ends_log_ins) {
    const auto ada = sign_up("ada");
    for (const auto& end : std::vector<std::function<bool()>>{
             [&] { return run(accounts.change_password(ada.id, "by an admin")).has_value(); },
             [&] { return run(accounts.log_out_everywhere(ada.id)).has_value(); },
             [&] { return run(accounts.disable(ada.id)) && run(accounts.enable(ada.id)); }}) {
        const auto made = run(resets.make(ada.id)).value();
        ASSERT_EQ(ask("ada@example.org"), microseconds::zero());
        ASSERT_TRUE(end());
        EXPECT_EQ(refused(made.token), ErrorCode::not_found);
        deliver();
        EXPECT_TRUE(box.sent.empty()) << "it was asked for before";
    }
}

TEST_F(PasswordResetsTest, It_ends_with_the_address_with_time_and_with_the_account) {
    const auto ada = sign_up("ada");
    const auto change = [&](const char* statement) {
        service.write([&](SqlSession& session) { session.run(statement); });
    };
    auto made = run(resets.make(ada.id)).value();
    change("UPDATE users SET email = 'ada@other.example', email_key = 'ada@other.example'");
    EXPECT_EQ(refused(made.token), ErrorCode::not_found);
    made = run(resets.make(ada.id)).value();
    EXPECT_EQ(made.link.email, "ada@other.example");
    change("UPDATE sent_links SET expires_us = expires_us - 3600 * 1000000");
    EXPECT_EQ(refused(made.token), ErrorCode::not_found);
    run(resets.clean_up());
    EXPECT_TRUE(rows("SELECT id FROM sent_links").empty());
    made = run(resets.make(ada.id)).value();
    ASSERT_TRUE(run(accounts.erase(ada.id)));
    EXPECT_EQ(refused(made.token), ErrorCode::not_found);
    EXPECT_TRUE(rows("SELECT email FROM sent_links").empty());
}

TEST_F(PasswordResetsTest, Tokens_for_programs_stay) {
    const auto ada = sign_up("ada");
    ApiTokens tokens(service.database, outbox);
    ApiTokenWish wish;
    wish.user = ada.id;
    wish.name = "backup";
    wish.scopes = "read";
    ASSERT_TRUE(run(tokens.make(std::move(wish))));
    auto in = run(accounts.log_in("ada", "secret1", {}, SessionWish{.kind = SessionKind::app})).value();
    ASSERT_TRUE(confirm(token_for("ada@example.org")));
    EXPECT_EQ(run(tokens.list(ada.id)).size(), 1);
    EXPECT_TRUE(run(accounts.sessions().list(ada.id)).empty());
    EXPECT_FALSE(run(accounts.sessions().refresh(in.tokens.refresh, {}))) << "the family of refresh tokens ends, too";
}

TEST_F(PasswordResetsTest, A_password_that_nobody_may_have_does_not_use_it_up) {
    sign_up("ada");
    const auto token = token_for("ada@example.org");
    EXPECT_EQ(refused(token, "short"), ErrorCode::invalid);
    EXPECT_EQ(refused(token, std::string(129, 'x')), ErrorCode::invalid);
    EXPECT_TRUE(confirm(token));
}

TEST_F(PasswordResetsTest, A_token_that_does_not_count_costs_no_hash) {
    const auto before = passwords.operations();
    EXPECT_EQ(refused("nothing"), ErrorCode::not_found);
    EXPECT_EQ(passwords.operations(), before);
}

TEST_F(PasswordResetsTest, Of_two_who_use_it_at_once_one_sets_the_password) {
    sign_up("ada");
    const auto token = token_for("ada@example.org");
    std::vector<int> outcomes(4);
    auto race = [](PasswordResets& resets, std::string token, std::string password, int& outcome) -> Awaitable<void> {
        const auto done = co_await resets.confirm(std::move(token), std::move(password));
        outcome = done ? 1 : 0;
    };
    TaskGroup group(service.loop.executor());
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        group.spawn("confirm", race(resets, token, "password" + std::to_string(i), outcomes[i]));
    run(group.wait());
    ASSERT_EQ(std::ranges::count(outcomes, 1), 1);
    const auto winner = std::ranges::find(outcomes, 1) - outcomes.begin();
    EXPECT_TRUE(log_in("ada", "password" + std::to_string(winner)));
}

TEST_F(PasswordResetsTest, One_address_is_sent_a_few_and_whoever_asks_is_not_told) {
    sign_up("ada");
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(ask(i % 2 == 0 ? "ada@example.org" : "Ada@Example.org", "192.0.2." + std::to_string(i)),
                  microseconds::zero());
    EXPECT_EQ(deliver(), limits::kPasswordResetsPerAddress);
    EXPECT_EQ(ask("eve@example.org"), microseconds::zero());
    EXPECT_EQ(deliver(), 1) << "others are not held up";
}

TEST_F(PasswordResetsTest, One_network_asks_for_so_many_and_is_told_to_wait) {
    for (int i = 0; i < limits::kPasswordResetsPerNetwork; ++i)
        ASSERT_EQ(ask("p" + std::to_string(i) + "@example.org"), microseconds::zero()) << i;
    EXPECT_GT(ask("one-more@example.org"), microseconds::zero());
    EXPECT_EQ(ask("one-more@example.org", "198.51.100.1"), microseconds::zero());
}

TEST_F(PasswordResetsTest, Beyond_what_can_wait_nothing_is_promised) {
    service.write([](SqlSession& session) {
        session.run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
            "INSERT INTO jobs (id, kind, subject, priority, state, created_us) "
            "SELECT 'j' || i, 'notice', 's' || i, 5, 'running', 1 FROM n");
    });
    EXPECT_GT(ask("ada@example.org"), microseconds::zero());
    EXPECT_TRUE(rows("SELECT id FROM tasks").empty());
}

TEST_F(PasswordResetsTest, Until_the_server_knows_its_address_links_wait) {
    sign_up("ada");
    sender.begin_links_with("");
    ASSERT_EQ(ask("ada@example.org"), microseconds::zero());
    auto later = [](LinkSender& sender) -> Awaitable<void> {
        co_await sleep_for(std::chrono::milliseconds(300));
        sender.begin_links_with(kBase);
    };
    TaskGroup group(service.loop.executor());
    group.spawn("listening", later(sender));
    EXPECT_EQ(deliver(), 1);
    run(group.wait());
    ASSERT_EQ(box.sent.size(), 1);
    EXPECT_TRUE(box.sent[0].fields.at("link").starts_with(kBase));
}

TEST_F(PasswordResetsTest, An_administrators_link_is_for_whoever_could_use_it) {
    const auto admin = run(accounts.ensure_admin()).value();
    EXPECT_EQ(run(resets.make(UserId::make())).error().code, ErrorCode::not_found);
    const auto made = run(resets.make(admin.id)).value();
    EXPECT_EQ(link_page(kBase, made), std::string(kBase) + "/reset-password#" + made.token);
    ASSERT_TRUE(confirm(made.token)) << "also for who has no password yet";
    EXPECT_TRUE(log_in("admin@localhost", "another one"));
    ASSERT_TRUE(run(accounts.disable(admin.id)));
    EXPECT_EQ(run(resets.make(admin.id)).error().code, ErrorCode::conflict);
    ASSERT_TRUE(run(accounts.erase(admin.id)));
    EXPECT_EQ(run(resets.make(admin.id)).error().code, ErrorCode::not_found);
}

class PasswordResetEndpoints : public PasswordResetsTest {
protected:
    PasswordResetEndpoints() { add_password_reset_endpoints(router, resets); }

    movio::test::Reply post(std::string target, std::string body) {
        return movio::test::ask(service.loop, router,
                                {.method = http::Method::post,
                                 .target = std::move(target),
                                 .body = std::move(body),
                                 .content_type = "application/json",
                                 .base_url = "https://evil.example"});
    }
    movio::test::Reply ask_for(std::string_view email) {
        return post("/api/v2/auth/password-reset", fmt::format(R"({{"email":"{}"}})", email));
    }
    movio::test::Reply confirm_by(std::string_view token, std::string_view password) {
        return post("/api/v2/auth/password-reset/confirm",
                    fmt::format(R"({{"token":"{}","password":"{}"}})", token, password));
    }

    http::Router router;
};

TEST_F(PasswordResetEndpoints, Whoever_asks_gets_the_very_same_answer) {
    sign_up("ada");
    const auto known = ask_for("ada@example.org");
    const auto unknown = ask_for("nobody@example.org");
    EXPECT_EQ(known.status, 202);
    EXPECT_EQ(known.text, "");
    EXPECT_EQ(unknown.status, known.status);
    EXPECT_EQ(unknown.text, known.text);
    for (const auto* body : {"{}", R"({"email":""})", R"({"email":null})", R"({"email":["a@b.example"]})", "[]", "{",
                             R"({"email":"ada@example.org","send_to":"eve@example.org"})"})
        EXPECT_EQ(post("/api/v2/auth/password-reset", body).status, 400) << body;
}

TEST_F(PasswordResetEndpoints, What_a_client_calls_the_server_is_not_where_the_link_leads) {
    sign_up("ada");
    ASSERT_EQ(ask_for("ada@example.org").status, 202);
    deliver();
    EXPECT_TRUE(box.sent.at(0).fields.at("link").starts_with(std::string(kBase) + "/"));
}

TEST_F(PasswordResetEndpoints, The_token_sets_the_password_once) {
    sign_up("ada");
    const auto token = token_for("ada@example.org");
    const auto weak = confirm_by(token, "12345");
    EXPECT_EQ(weak.status, 400);
    EXPECT_EQ(weak.json.find("errors")->at(0).text_or("field", ""), "password");
    const auto wrong = confirm_by(token + "x", "another one");
    EXPECT_EQ(wrong.status, 404);
    EXPECT_EQ(wrong.json.text_or("code", ""), "not-found");
    const auto set = confirm_by(token, "another one");
    EXPECT_EQ(set.status, 204);
    EXPECT_FALSE(set.headers.has("set-cookie")) << "whoever has the link logs in with the password";
    EXPECT_EQ(confirm_by(token, "a third one").status, 404);
    EXPECT_TRUE(log_in("ada", "another one"));
}

TEST_F(PasswordResetEndpoints, Who_asks_for_too_many_is_told_when_to_come_back) {
    for (int i = 0; i < limits::kPasswordResetsPerNetwork; ++i)
        ASSERT_EQ(ask_for(fmt::format("p{}@example.org", i)).status, 202);
    const auto late = ask_for("one-more@example.org");
    EXPECT_EQ(late.status, 429);
    EXPECT_GT(std::stoi(std::string(late.headers.find("retry-after").value_or("0"))), 0);
}

}  // namespace
}  // namespace movio::accounts
