#include "accounts/sessions.hpp"

#include <set>

#include <gtest/gtest.h>

#include "access/jwt.hpp"
#include "access/secret.hpp"
#include "async/task_group.hpp"
#include "base/clock.hpp"
#include "unit/accounts/accounts_fixture.hpp"

namespace movio::accounts {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;

class SessionsTest : public ::testing::Test, protected test::Accounts {
protected:
    template <class T>
    T run(Awaitable<T> task) {
        return service.loop.run(std::move(task));
    }
    static SessionWish from(std::string agent = "App 1", SessionKind kind = SessionKind::app) {
        return {.kind = kind, .agent = std::move(agent), .address = "192.0.2.7"};
    }
    LoggedIn log_in_from(SessionWish wish) {
        return run(accounts.log_in("ada", "secret1", "", std::move(wish))).value();
    }
    std::optional<SessionTokens> refresh(const std::string& token, std::string agent = "App 1") {
        return run(accounts.sessions().refresh(token, from(std::move(agent))));
    }
    access::Claims claims_of(const std::string& token) {
        return access::verify(token, keys, wall_now_us() / kSecondUs).value();
    }
    void used_earlier(std::int64_t by_us) {
        service.write([by_us](SqlSession& session) {
            session.run("UPDATE refresh_tokens SET used_us = used_us - $1 WHERE used_us IS NOT NULL", {sql(by_us)});
        });
    }

    const UserId ada = sign_up("ada").id;
};

TEST_F(SessionsTest, An_app_gets_a_short_token_and_one_for_the_next) {
    const auto in = log_in_from(from());
    const auto claims = claims_of(in.tokens.access);
    EXPECT_EQ(claims.expires_s - claims.issued_s, 15 * 60);
    EXPECT_EQ(claims.session, in.session.value().id.uuid());
    EXPECT_EQ(in.tokens.refresh.size(), 43);
    const auto next = refresh(in.tokens.refresh, "App 2").value();
    EXPECT_NE(next.tokens.refresh, in.tokens.refresh);
    EXPECT_EQ(claims_of(next.tokens.access).session, claims.session);
    EXPECT_NE(claims_of(next.tokens.access).jti, claims.jti);
    EXPECT_EQ(next.session.agent, "App 2") << "it was updated meanwhile";
    EXPECT_TRUE(refresh(next.tokens.refresh));
}

TEST_F(SessionsTest, A_page_gets_one_token_that_lives_as_long_as_its_session) {
    const auto in = log_in_from(from("Browser", SessionKind::page));
    const auto claims = claims_of(in.tokens.access);
    EXPECT_EQ(claims.expires_s - claims.issued_s, 30 * 24 * 3600);
    EXPECT_EQ(claims.session, in.session.value().id.uuid());
    EXPECT_TRUE(in.tokens.refresh.empty());
    EXPECT_FALSE(claims_of(log_in("ada").value().tokens.access).session) << "v1 has no sessions";
}

TEST_F(SessionsTest, Only_hashes_are_kept) {
    const auto in = log_in_from(from());
    const auto next = refresh(in.tokens.refresh).value();
    const auto kept = service.read([](SqlSession& session) {
        std::string all;
        for (const auto& row : session.run("SELECT token_hash, COALESCE(salt, '') FROM refresh_tokens").rows)
            all += row.text(0) + row.text(1);
        return all;
    });
    for (const auto& token : {in.tokens.refresh, next.tokens.refresh}) {
        EXPECT_EQ(kept.find(token), std::string::npos);
        EXPECT_NE(kept.find(access::token_hash(token)), std::string::npos);
    }
    EXPECT_FALSE(refresh(access::token_hash(next.tokens.refresh)));
}

TEST_F(SessionsTest, The_same_client_that_asks_again_at_once_gets_the_same_token) {
    const auto in = log_in_from(from());
    const auto first = refresh(in.tokens.refresh).value();
    const auto again = refresh(in.tokens.refresh).value();
    EXPECT_EQ(first.tokens.refresh, again.tokens.refresh);
    used_earlier(9 * kSecondUs);
    EXPECT_EQ(refresh(in.tokens.refresh).value().tokens.refresh, first.tokens.refresh);
    EXPECT_TRUE(refresh(first.tokens.refresh));
}

TEST_F(SessionsTest, Eight_that_ask_in_parallel_go_on_with_one_token) {
    const auto in = log_in_from(from());
    std::vector<std::string> given(8);
    auto ask = [](Sessions& sessions, std::string token, SessionWish wish, std::string& out) -> Awaitable<void> {
        if (auto next = co_await sessions.refresh(std::move(token), std::move(wish))) out = next->tokens.refresh;
    };
    TaskGroup group(service.loop.executor());
    for (auto& out : given) group.spawn("refresh", ask(accounts.sessions(), in.tokens.refresh, from(), out));
    run(group.wait());
    EXPECT_EQ(std::set<std::string>(given.begin(), given.end()).size(), 1);
    EXPECT_FALSE(given.front().empty());
    EXPECT_TRUE(refresh(given.front()));
}

TEST_F(SessionsTest, A_token_that_comes_again_later_or_from_elsewhere_ends_the_session) {
    for (const bool later : {true, false}) {
        const auto in = log_in_from(from());
        const auto next = refresh(in.tokens.refresh).value();
        if (later) used_earlier(11 * kSecondUs);
        EXPECT_FALSE(refresh(in.tokens.refresh, later ? "App 1" : "Thief"));
        EXPECT_FALSE(refresh(next.tokens.refresh)) << "nobody knows which of the two is the thief";
        EXPECT_TRUE(run(accounts.sessions().list(ada)).empty());
        const auto told = events().back();
        EXPECT_EQ(told.type, "session.ended");
        EXPECT_EQ(data_of(told).text_or("session_id", ""), in.session->id.text());
        EXPECT_EQ(data_of(told).integer_or("until_us", 0), next.session.expires_us);
    }
}

TEST_F(SessionsTest, Unknown_tokens_end_nothing) {
    const auto in = log_in_from(from());
    for (const auto* token : {"", "abc", "movio_abc"}) EXPECT_FALSE(refresh(token));
    EXPECT_FALSE(refresh(in.tokens.access));
    EXPECT_TRUE(refresh(in.tokens.refresh));
}

TEST_F(SessionsTest, What_ends_log_ins_ends_refreshing) {
    const auto ways = {
        +[](AccountService& service, UserId id) { return service.change_password(id, "secret1"); },
        +[](AccountService& service, UserId id) { return service.log_out_everywhere(id); },
        +[](AccountService& service, UserId id) { return service.disable(id); },
    };
    for (const auto& way : ways) {
        const auto in = log_in_from(from());
        ASSERT_TRUE(run(way(accounts, ada)));
        EXPECT_FALSE(refresh(in.tokens.refresh));
        EXPECT_TRUE(run(accounts.sessions().list(ada)).empty());
        const auto told = data_of(events().back());
        EXPECT_GE(told.integer_or("not_before_us", 0), (claims_of(in.tokens.access).issued_s + 1) * kSecondUs)
            << "also of a log-in in the same second as the change before";
    }
    ASSERT_TRUE(run(accounts.enable(ada)));
    const auto in = log_in_from(from());
    ASSERT_TRUE(run(accounts.erase(ada)));
    EXPECT_FALSE(refresh(in.tokens.refresh));
}

TEST_F(SessionsTest, They_are_listed_and_ended_one_by_one_by_their_user_alone) {
    const auto one = log_in_from(from("One"));
    const auto two = log_in_from(from("Two", SessionKind::page));
    ASSERT_TRUE(log_in("ada")) << "v1 has no sessions";
    const auto listed = run(accounts.sessions().list(ada));
    ASSERT_EQ(listed.size(), 2);
    EXPECT_EQ(listed[0].agent, "Two");
    EXPECT_EQ(listed[1].address, "192.0.2.7");
    const auto eve = sign_up("eve").id;
    EXPECT_FALSE(run(accounts.sessions().end(eve, one.session->id)));
    EXPECT_TRUE(run(accounts.sessions().list(eve)).empty());
    EXPECT_TRUE(run(accounts.sessions().end(ada, one.session->id)));
    EXPECT_FALSE(run(accounts.sessions().end(ada, one.session->id)));
    EXPECT_EQ(events().back().type, "session.ended");
    EXPECT_FALSE(refresh(one.tokens.refresh));
    ASSERT_EQ(run(accounts.sessions().list(ada)).size(), 1);
    EXPECT_EQ(run(accounts.sessions().list(ada))[0].id, two.session->id);
}

TEST_F(SessionsTest, Refreshing_keeps_one_alive_and_disuse_ends_it) {
    const auto in = log_in_from(from());
    service.write(
        [](SqlSession& session) { session.run("UPDATE sessions SET expires_us = movio_now_us() + 60000000"); });
    const auto next = refresh(in.tokens.refresh).value();
    EXPECT_GT(next.session.expires_us, wall_now_us() + 29LL * 24 * 3600 * kSecondUs);
    service.write([](SqlSession& session) { session.run("UPDATE sessions SET expires_us = movio_now_us()"); });
    EXPECT_FALSE(refresh(next.tokens.refresh));
}

TEST_F(SessionsTest, Use_is_noted_now_and_then_and_changes_nothing_of_refreshing) {
    const auto in = log_in_from(from());
    const auto used = [&] { return run(accounts.sessions().list(ada)).at(0); };
    run(accounts.sessions().touch(in.session->id, "192.0.2.8"));
    EXPECT_EQ(used().address, "192.0.2.7") << "it was noted a moment ago";
    service.write([](SqlSession& session) { session.run("UPDATE sessions SET used_us = used_us - 300000000"); });
    run(accounts.sessions().touch(in.session->id, "192.0.2.8"));
    EXPECT_EQ(used().address, "192.0.2.8");
    EXPECT_GE(used().used_us, in.session->used_us);
    EXPECT_EQ(used().expires_us, in.session->expires_us);
    const auto next = refresh(in.tokens.refresh).value();
    EXPECT_EQ(refresh(in.tokens.refresh).value().tokens.refresh, next.tokens.refresh);
}

TEST_F(SessionsTest, The_ones_unused_for_longest_give_way) {
    service.write([this](SqlSession& session) {
        session.run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) "
            "INSERT INTO sessions (id, user_id, kind, agent, address, created_us, used_us, expires_us) "
            "SELECT printf('01936b2e-0000-7000-8000-%012d', i), $1, 'app', 'n' || i, '', i, i, 9000000000000000 FROM n",
            {sql(ada.text())});
    });
    log_in_from(from("newest"));
    const auto listed = run(accounts.sessions().list(ada));
    ASSERT_EQ(listed.size(), 100);
    EXPECT_EQ(listed.front().agent, "newest");
    EXPECT_EQ(listed.back().agent, "n2");
    EXPECT_EQ(data_of(events().back()).text_or("session_id", ""), "01936b2e-0000-7000-8000-000000000001");
}

TEST_F(SessionsTest, What_a_client_calls_itself_is_cut_between_characters) {
    const auto in = log_in_from(from(std::string(199, 'x') + "öööö"));
    EXPECT_EQ(in.session->agent, std::string(199, 'x'));
}

TEST_F(SessionsTest, What_ended_long_ago_is_forgotten_with_its_tokens) {
    const auto kept = log_in_from(from());
    const auto gone = log_in_from(from());
    ASSERT_TRUE(run(accounts.sessions().end(ada, gone.session->id)));
    service.write([&](SqlSession& session) {
        session.run("UPDATE sessions SET ended_us = 1 WHERE id = $1", {sql(gone.session->id.text())});
    });
    run(accounts.sessions().clean_up());
    const auto left = service.read([](SqlSession& session) {
        return session.run("SELECT COUNT(*), (SELECT COUNT(*) FROM refresh_tokens) FROM sessions").rows.at(0);
    });
    EXPECT_EQ(left.integer(0), 1);
    EXPECT_EQ(left.integer(1), 1);
    EXPECT_TRUE(refresh(kept.tokens.refresh));
}

}  // namespace
}  // namespace movio::accounts
