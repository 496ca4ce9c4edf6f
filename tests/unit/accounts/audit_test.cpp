#include <gtest/gtest.h>

#include "accounts/email_checks.hpp"
#include "accounts/groups.hpp"
#include "accounts/invites.hpp"
#include "accounts/password_resets.hpp"
#include "audit/trail.hpp"
#include "unit/accounts/links_fixture.hpp"

namespace movio::accounts {
namespace {

// What comes into the trail; that it is there over HTTP and by the command line is tested on the whole program.
class Audited : public ::testing::Test, protected test::Links {
protected:
    std::vector<audit::Recorded> trail() {
        audit::Trail all(service.database, std::chrono::days(1));
        return service.loop.run(all.list({.limit = 1000}));
    }
    std::vector<std::string> actions() {
        std::vector<std::string> all;
        for (const auto& entry : trail()) all.push_back(entry.action);
        return all;
    }

    using Texts = std::vector<std::string>;
    const audit::Actor admin{audit::ActorKind::user, UserId::make(), "192.0.2.9"};
    const audit::Actor stranger{audit::ActorKind::stranger, {}, "192.0.2.9"};
};

TEST_F(Audited, Changes_of_an_account_with_who_made_them) {
    const auto ada = sign_up();
    EXPECT_TRUE(run(accounts.change_password(ada.id, "another1", {}, admin)));
    EXPECT_TRUE(run(accounts.set_role(ada.id, Role::moderator, admin)));
    EXPECT_TRUE(run(accounts.disable(ada.id, admin)));
    EXPECT_TRUE(run(accounts.enable(ada.id, admin)));
    EXPECT_TRUE(run(accounts.erase(ada.id, "", admin)));
    EXPECT_EQ(actions(),
              (Texts{"user.deleted", "user.enabled", "user.disabled", "user.role", "user.password", "user.added"}));
    for (const auto& entry : trail()) {
        EXPECT_EQ(entry.subject, ada.id.text());
        if (entry.action == "user.added") continue;
        EXPECT_EQ(entry.actor_id, admin.user->text());
        EXPECT_EQ(entry.address, "192.0.2.9");
    }
}

TEST_F(Audited, No_change_no_entry) {
    const auto nobody = UserId::make();
    EXPECT_FALSE(service.loop.run(accounts.set_role(nobody, Role::admin, admin)));
    EXPECT_FALSE(service.loop.run(accounts.erase(nobody, "", admin)));
    EXPECT_TRUE(trail().empty());
}

TEST_F(Audited, A_log_in_that_is_refused_names_whom_it_was_for_and_not_what_was_typed) {
    const auto ada = sign_up();
    EXPECT_FALSE(log_in("ada", "wrong"));
    EXPECT_FALSE(log_in("my secret password", "ada"));
    const auto entries = trail();
    ASSERT_EQ(entries.size(), 3);
    EXPECT_EQ(entries[0].outcome, "refused");
    EXPECT_EQ(entries[0].subject, "");
    EXPECT_EQ(entries[0].detail, "{}");
    EXPECT_EQ(entries[1].subject, ada.id.text());
    EXPECT_TRUE(log_in("ada"));
    EXPECT_EQ(trail()[0].outcome, "done");
    EXPECT_EQ(trail()[0].actor_id, ada.id.text());
}

TEST_F(Audited, A_wrong_password_at_leaving) {
    const auto ada = sign_up();
    EXPECT_FALSE(service.loop.run(accounts.leave(ada.id, "wrong", "192.0.2.0", "", admin)));
    EXPECT_EQ(trail()[0].action, "user.deleted");
    EXPECT_EQ(trail()[0].outcome, "refused");
}

TEST_F(Audited, A_stolen_refresh_token) {
    const auto ada = sign_up();
    const SessionWish wish{.kind = SessionKind::app, .agent = "App", .address = "192.0.2.7"};
    const auto in = service.loop.run(accounts.log_in("ada", "secret1", "", wish)).value();
    auto& sessions = accounts.sessions();
    ASSERT_TRUE(service.loop.run(sessions.refresh(in.tokens.refresh, wish)));
    EXPECT_FALSE(service.loop.run(
        sessions.refresh(in.tokens.refresh, {.kind = SessionKind::app, .agent = "Thief", .address = "203.0.113.1"})));
    EXPECT_EQ(trail()[0].action, "log_in.reused");
    EXPECT_EQ(trail()[0].subject, ada.id.text());
    EXPECT_EQ(trail()[0].address, "203.0.113.1");
}

TEST_F(Audited, A_log_out_in_one_place_once) {
    const auto ada = sign_up();
    const SessionWish wish{.kind = SessionKind::page, .agent = "Browser", .address = "192.0.2.7"};
    const auto in = run(accounts.log_in("ada", "secret1", "", wish)).value();
    EXPECT_TRUE(run(accounts.sessions().end(ada.id, in.session->id, admin)));
    EXPECT_FALSE(run(accounts.sessions().end(ada.id, in.session->id, admin)));
    EXPECT_EQ(actions(), (Texts{"log_in.ended", "log_in", "user.added"}));
    EXPECT_EQ(trail()[0].subject, ada.id.text());
    EXPECT_EQ(trail()[0].address, "192.0.2.9");
}

TEST_F(Audited, A_block_by_who_decided_it_once) {
    const auto ada = sign_up();
    const auto decider = sign_up("eve");
    run(accounts.set_role(decider.id, Role::moderator)).value();
    const auto decision = EventId::make();
    EXPECT_TRUE(run(accounts.block(decision, ada.id, decider.id)));
    EXPECT_FALSE(run(accounts.block(decision, ada.id, decider.id)));
    EXPECT_FALSE(run(accounts.block(EventId::make(), decider.id, ada.id)));
    EXPECT_EQ(actions(), (Texts{"user.disabled", "user.role", "user.added", "user.added"}));
    EXPECT_EQ(trail()[0].subject, ada.id.text());
    EXPECT_EQ(trail()[0].actor_id, decider.id.text());
    EXPECT_EQ(trail()[0].detail, R"({"by_decision":true})");
}

TEST_F(Audited, A_lost_password_from_the_question_to_the_new_one) {
    const auto ada = sign_up();
    PasswordResets resets(service.database, accounts, sender, limiter);
    run(resets.ask("ada@example.org", "192.0.2.0", stranger));
    run(resets.ask("nobody@example.org", "192.0.2.0", stranger));
    const auto made = run(resets.make(ada.id)).value();
    EXPECT_FALSE(run(resets.confirm("another token", "another one", stranger)));
    EXPECT_TRUE(run(resets.confirm(made.token, "another one", stranger)));
    const auto entries = trail();
    EXPECT_EQ(actions(), (Texts{"user.password", "password_reset.made", "password_reset.asked", "password_reset.asked",
                                "user.added"}));
    EXPECT_EQ(entries[0].actor_kind, "stranger");
    EXPECT_EQ(entries[0].subject, ada.id.text());
    EXPECT_EQ(entries[0].detail, R"({"by_link":true})");
    EXPECT_EQ(entries[1].actor_kind, "command");
    EXPECT_EQ(entries[2].subject, "") << "nobody has that address";
    EXPECT_EQ(entries[3].subject, ada.id.text());
    EXPECT_EQ(entries[3].address, "192.0.2.9");
}

TEST_F(Audited, Another_address_once_it_is_asked_for_and_once_it_counts) {
    const auto ada = sign_up();
    EmailChecks checks(service.database, outbox, passwords, sender, limiter);
    EXPECT_FALSE(run(checks.change(ada.id, "countess@example.org", "a guess", admin)));
    EXPECT_TRUE(run(checks.change(ada.id, "countess@example.org", "secret1", admin)));
    EXPECT_EQ(deliver(), 1);
    EXPECT_TRUE(run(checks.confirm(token_sent(), stranger)));
    const auto entries = trail();
    EXPECT_EQ(actions(), (Texts{"user.email_checked", "user.email_asked", "user.email_asked", "user.added"}));
    EXPECT_EQ(entries[0].actor_kind, "stranger");
    EXPECT_EQ(entries[1].outcome, "done");
    EXPECT_EQ(entries[2].outcome, "refused");
    for (const auto& entry : entries) {
        EXPECT_EQ(entry.subject, ada.id.text());
        EXPECT_FALSE(entry.detail.contains("countess"));
    }
}

TEST_F(Audited, Whoever_comes_by_an_invitation) {
    Invites invites(service.database, {.rule = SignUpFor::everybody});
    const auto made = service.loop.run(invites.make({.role = Role::moderator}, admin)).value();
    const auto in = service.loop.run(accounts.sign_up(form(), made.token, {}, admin)).value();
    EXPECT_EQ(actions(), (Texts{"user.added", "invitation.made"}));
    EXPECT_EQ(trail()[0].subject, in.user.id.text());
    EXPECT_EQ(trail()[0].detail, R"({"role":"moderator","invited":true})");
    EXPECT_FALSE(trail()[1].detail.contains(made.token));
}

TEST_F(Audited, Groups_once_for_each_change) {
    sign_up();
    Groups groups(service.database, outbox);
    const auto group = service.loop.run(groups.make("Optics", "course", "", admin)).value();
    EXPECT_TRUE(run(groups.change(group.id, {.name = "Light"}, admin)));
    EXPECT_TRUE(run(groups.change(group.id, {.name = "Light"}, admin)));
    EXPECT_TRUE(run(groups.put_members(group.id, "email\nada@example.org\n", admin)));
    EXPECT_TRUE(run(groups.put_members(group.id, "email\nada@example.org\n", admin)));
    EXPECT_TRUE(run(groups.remove(group.id, admin)));
    EXPECT_EQ(actions(), (Texts{"group.deleted", "group.members_put", "group.changed", "group.made", "user.added"}));
    EXPECT_EQ(trail()[1].detail, R"({"added":1,"removed":0})");
}

}  // namespace
}  // namespace movio::accounts
