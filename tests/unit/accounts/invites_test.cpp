#include "accounts/invites.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "async/task_group.hpp"
#include "base/clock.hpp"
#include "unit/accounts/accounts_fixture.hpp"

namespace movio::accounts {
namespace {

class InvitesTest : public ::testing::Test, protected test::Accounts {
protected:
    template <class T>
    T run(Awaitable<T> task) {
        return service.loop.run(std::move(task));
    }
    AccountService with(SignUpPolicy policy) {
        return {service.database, outbox, passwords, keys, {.token_lifetime_s = 3600, .signup = std::move(policy)}};
    }
    static SignUpPolicy policy(SignUpFor rule) { return {.rule = rule, .domains = {"uni.example"}}; }
    static std::string why(const std::expected<LoggedIn, SignUpRefusal>& outcome) {
        const auto& fields = outcome.error().errors.fields();
        return fields.front().first + ": " + fields.front().second.front();
    }
    NewInvite invited(InviteWish wish = {}) { return run(invites.make(std::move(wish))).value(); }
    void move_expiry(InviteId id, std::int64_t by_us) {
        service.write([&](SqlSession& session) {
            session.run("UPDATE invites SET expires_us = expires_us + $2 WHERE id = $1", {sql(id.text()), sql(by_us)});
        });
    }

    Invites invites{service.database, policy(SignUpFor::invited)};
    AccountService by_invitation = with(policy(SignUpFor::invited));
};

TEST_F(InvitesTest, Where_sign_up_is_closed_nobody_gets_an_account_or_learns_of_those_there_are) {
    sign_up("ada");
    auto closed = with(policy(SignUpFor::nobody));
    for (const auto* name : {"ada", "new"}) {
        const auto refused = run(closed.sign_up(form(name)));
        ASSERT_FALSE(refused);
        EXPECT_TRUE(refused.error().not_allowed);
        EXPECT_FALSE(refused.error().taken);
        EXPECT_EQ(why(refused), "non_field_errors: Sign-up is closed here. Ask an administrator for an account.");
    }
    EXPECT_EQ(event_types().size(), 1);
}

TEST_F(InvitesTest, Where_domains_may_sign_up_others_are_told_which) {
    auto domains = with(policy(SignUpFor::domains));
    const auto refused = run(domains.sign_up(form("ada")));
    ASSERT_FALSE(refused);
    EXPECT_FALSE(refused.error().not_allowed);
    EXPECT_EQ(why(refused), "email: Only addresses of these domains may sign up here: uni.example.");
    auto given = form("ada");
    given.values.email = "ada@UNI.example";
    const auto in = run(domains.sign_up(given));
    ASSERT_TRUE(in);
    EXPECT_EQ(in->user.role, Role::uploader);
}

TEST_F(InvitesTest, New_accounts_have_the_role_of_the_policy) {
    auto for_viewers = with({.rule = SignUpFor::everybody, .role = Role::viewer});
    EXPECT_EQ(run(for_viewers.sign_up(form("ada"))).value().user.role, Role::viewer);
    EXPECT_EQ(data_of(events()[0]).text_or("role", ""), "viewer");
}

TEST_F(InvitesTest, An_invitation_makes_one_account_in_its_role) {
    EXPECT_EQ(why(run(by_invitation.sign_up(form("ada")))),
              "non_field_errors: Accounts are made by invitation here. Ask an administrator for one.");
    const auto made = invited({.role = Role::moderator});
    EXPECT_EQ(run(invites.find(made.token)).value().role, Role::moderator);
    const auto in = run(by_invitation.sign_up(form("ada"), made.token));
    ASSERT_TRUE(in);
    EXPECT_EQ(in->user.role, Role::moderator);
    EXPECT_FALSE(run(invites.find(made.token)));
    const auto again = run(by_invitation.sign_up(form("eve"), made.token));
    ASSERT_FALSE(again);
    EXPECT_TRUE(again.error().not_allowed);
    EXPECT_TRUE(run(invites.list()).empty());
}

TEST_F(InvitesTest, What_is_kept_of_the_token_opens_nothing) {
    const auto made = invited();
    const auto kept = service.read(
        [](SqlSession& session) { return session.run("SELECT token_hash FROM invites").rows.at(0).text(0); });
    EXPECT_EQ(kept.find(made.token), std::string::npos);
    EXPECT_FALSE(run(invites.find(kept)));
    EXPECT_FALSE(run(invites.find(made.token + "x")));
    EXPECT_FALSE(run(invites.find("")));
}

TEST_F(InvitesTest, A_mistake_in_the_form_does_not_use_it_up) {
    sign_up("ada");
    const auto made = invited();
    EXPECT_TRUE(run(by_invitation.sign_up(form("ada"), made.token)).error().taken);
    EXPECT_TRUE(run(by_invitation.sign_up(form("eve"), made.token)));
}

TEST_F(InvitesTest, Of_two_who_use_it_at_once_one_gets_an_account) {
    const auto made = invited();
    std::vector<int> outcomes(4);
    auto race = [](AccountService& accounts, SignUpForm form, std::string token, int& outcome) -> Awaitable<void> {
        const auto in = co_await accounts.sign_up(std::move(form), std::move(token));
        outcome = in ? 1 : 0;
    };
    TaskGroup group(service.loop.executor());
    const std::vector<std::string> names{"a", "b", "c", "d"};
    for (std::size_t i = 0; i < names.size(); ++i)
        group.spawn("sign-up", race(by_invitation, form(names[i]), made.token, outcomes[i]));
    run(group.wait());
    EXPECT_EQ(std::ranges::count(outcomes, 1), 1);
    EXPECT_EQ(event_types(), std::vector<std::string>{"user.created"});
}

TEST_F(InvitesTest, One_for_an_address_counts_for_that_address_alone) {
    const auto made = invited({.email = "Ada@example.org"});
    EXPECT_EQ(why(run(by_invitation.sign_up(form("eve"), made.token))),
              "email: This invitation is for Ada@example.org.");
    EXPECT_TRUE(run(by_invitation.sign_up(form("ada"), made.token)));
}

TEST_F(InvitesTest, It_ends_by_time_and_by_being_taken_back) {
    const auto late = invited();
    move_expiry(late.invite.id, -8LL * 24 * 3600 * 1'000'000);
    EXPECT_FALSE(run(invites.find(late.token)));
    EXPECT_FALSE(run(by_invitation.sign_up(form("ada"), late.token)));
    const auto back = invited();
    ASSERT_EQ(run(invites.list()).size(), 1);
    EXPECT_TRUE(run(invites.revoke(back.invite.id)));
    EXPECT_EQ(run(invites.revoke(back.invite.id)).error().code, ErrorCode::not_found);
    EXPECT_FALSE(run(by_invitation.sign_up(form("ada"), back.token)));
}

TEST_F(InvitesTest, Where_sign_up_is_closed_they_do_not_count) {
    const auto made = invited();
    Invites closed(service.database, policy(SignUpFor::nobody));
    EXPECT_EQ(run(closed.make({})).error().code, ErrorCode::conflict);
    EXPECT_FALSE(run(closed.find(made.token)));
    auto accounts_closed = with(policy(SignUpFor::nobody));
    EXPECT_TRUE(run(accounts_closed.sign_up(form("ada"), made.token)).error().not_allowed);
}

TEST_F(InvitesTest, Wishes_that_cannot_be_are_refused) {
    for (const auto days : {0, -1, 366})
        EXPECT_EQ(run(invites.make({.days = days})).error().code, ErrorCode::invalid) << days;
    EXPECT_EQ(run(invites.make({.email = "nobody"})).error().code, ErrorCode::invalid);
    service.write([](SqlSession& session) {
        session.run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
            "INSERT INTO invites (id, token_hash, role, first_admin, created_us, expires_us) "
            "SELECT 'i' || i, 'h' || i, 'viewer', 0, 1, 9000000000000000 FROM n");
    });
    EXPECT_EQ(run(invites.make({})).error().code, ErrorCode::conflict);
}

TEST_F(InvitesTest, The_first_administrators_link_counts_until_one_can_log_in) {
    ASSERT_TRUE(run(accounts.ensure_admin())) << "without a password, so nobody can log in as it";
    auto closed = with(policy(SignUpFor::nobody));
    const auto earlier = run(invites.make_first_admin_link()).value();
    const auto token = run(invites.make_first_admin_link()).value();
    EXPECT_FALSE(run(invites.find(earlier))) << "each start makes another";
    EXPECT_TRUE(run(invites.find(token)).value().first_admin);
    EXPECT_TRUE(run(invites.list()).empty()) << "it is nobody's to take back";
    const auto in = run(closed.sign_up(form("ada"), token));
    ASSERT_TRUE(in);
    EXPECT_EQ(in->user.role, Role::admin);
    EXPECT_FALSE(run(invites.make_first_admin_link()));
    EXPECT_FALSE(run(closed.sign_up(form("eve"), token)));
}

TEST_F(InvitesTest, The_first_administrators_link_ends_when_another_way_made_one) {
    const auto token = run(invites.make_first_admin_link()).value();
    const auto admin = run(accounts.add(form("root"), Role::admin)).value();
    EXPECT_FALSE(run(invites.find(token)));
    EXPECT_TRUE(run(by_invitation.sign_up(form("eve"), token)).error().not_allowed);
    EXPECT_FALSE(run(invites.make_first_admin_link()));
    ASSERT_TRUE(run(accounts.disable(admin.id)));
    EXPECT_TRUE(run(invites.make_first_admin_link())) << "the only one cannot log in";
}

}  // namespace
}  // namespace movio::accounts
