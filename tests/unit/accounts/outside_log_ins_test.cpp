#include "accounts/outside_log_ins.hpp"

#include <gmock/gmock.h>

#include "accounts/api_tokens.hpp"
#include "accounts/groups.hpp"
#include "accounts/personal_data.hpp"
#include "audit/trail.hpp"
#include "base/limits.hpp"
#include "unit/accounts/accounts_fixture.hpp"

namespace movio::accounts {
namespace {

using ::testing::ElementsAre;

constexpr auto kIssuer = "https://login.example";

OutsidePerson person(std::string_view name = "ada") {
    OutsidePerson person;
    person.issuer = kIssuer;
    person.subject = fmt::format("subject of {}", name);
    person.email = fmt::format("{}@example.org", name);
    person.email_verified = true;
    person.first_name = "Ada";
    person.last_name = "Lovelace";
    return person;
}

class OutsideLogInsTest : public ::testing::Test, protected test::Accounts {
protected:
    std::expected<LoggedIn, OutsideRefusal> enter(OutsidePerson who, OutsideLogInOptions options = kEverybody) {
        OutsideLogIns people(service.database, outbox, accounts.sessions(), std::move(options));
        return service.loop.run(people.log_in(std::move(who), {.agent = "Browser", .address = "192.0.2.7"}));
    }
    std::optional<OutsideRefusal> refused(OutsidePerson who, OutsideLogInOptions options = kEverybody) {
        const auto in = enter(std::move(who), std::move(options));
        return in ? std::nullopt : std::optional(in.error());
    }
    // Of an administrator's making.
    User added(std::string_view name, Role role = Role::uploader) {
        return service.loop.run(accounts.add(form(name), role)).value();
    }
    std::vector<std::string> members(GroupId id) {
        std::vector<std::string> out;
        for (const auto& member : service.loop.run(groups.members(id)).value())
            out.push_back(member.email + " by " + member.source);
        return out;
    }
    Group course(std::string name, std::string external_name) {
        return service.loop.run(groups.make(std::move(name), "course", std::move(external_name))).value();
    }

    // The newest last.
    std::vector<std::string> trail() {
        audit::Trail all(service.database, std::chrono::days(1));
        std::vector<std::string> out;
        for (const auto& entry : service.loop.run(all.list({.limit = 1000})))
            out.push_back(fmt::format("{} {} {} {}", entry.actor_kind, entry.action, entry.outcome, entry.detail));
        std::ranges::reverse(out);
        return out;
    }

    static inline const OutsideLogInOptions kEverybody{.users = OutsideUsers::all};
    static inline const OutsideLogInOptions kNobodyNew{.users = OutsideUsers::none};
    Groups groups{service.database, outbox};
};

TEST_F(OutsideLogInsTest, Whoever_is_new_gets_an_account_and_is_the_same_the_next_time) {
    const auto in = enter(person(), {.users = OutsideUsers::all, .signup = {.role = Role::viewer}});
    ASSERT_TRUE(in);
    EXPECT_EQ(in->user.email, "ada@example.org");
    EXPECT_EQ(in->user.first_name, "Ada");
    EXPECT_EQ(in->user.role, Role::viewer);
    EXPECT_TRUE(in->user.email_checked);
    EXPECT_FALSE(in->user.password_hash);
    ASSERT_TRUE(in->session);
    EXPECT_EQ(in->session->by, BegunBy::openid);
    EXPECT_EQ(in->session->kind, SessionKind::page);
    EXPECT_EQ(event_types(), std::vector<std::string>{"user.created"});
    EXPECT_FALSE(log_in("ada@example.org", "")) << "there is no password";

    auto again = person();
    again.email = "somebody.else@example.org";
    again.email_verified = false;
    const auto second = enter(again, kNobodyNew);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->user.id, in->user.id) << "by issuer and subject, whatever the address";
    EXPECT_EQ(second->user.email, "ada@example.org");
    const auto open = service.loop.run(accounts.sessions().list(in->user.id));
    EXPECT_EQ(open.size(), 2);
}

TEST_F(OutsideLogInsTest, The_audit_trail_tells_what_the_word_of_others_did) {
    course("Optics", "physics-1");
    auto ada = person();
    ada.groups = {"physics-1"};
    ada.role = Role::moderator;
    ASSERT_TRUE(enter(ada, {.users = OutsideUsers::all, .signup = {.role = Role::viewer}}));
    const auto told = trail();
    ASSERT_EQ(told.size(), 5);
    EXPECT_THAT(told[0], ::testing::StartsWith("command group.made"));
    EXPECT_EQ(told[1], R"(system user.added done {"by":"openid","role":"viewer"})");
    EXPECT_EQ(told[2], R"(system user.role done {"by":"openid","role":"moderator"})");
    EXPECT_THAT(told[3], ::testing::StartsWith("system group.member_added done"));
    EXPECT_EQ(told[4], R"(user log_in done {"by":"openid"})");
}

TEST_F(OutsideLogInsTest, The_audit_trail_tells_of_refusals_and_of_accounts_that_were_there) {
    EXPECT_EQ(refused(person(), kNobodyNew), OutsideRefusal::no_account);
    EXPECT_EQ(trail().back(), R"(stranger log_in refused {"by":"openid","why":"no-account"})");
    added("ada");
    ASSERT_TRUE(enter(person(), kNobodyNew));
    const auto told = trail();
    ASSERT_GE(told.size(), 2);
    EXPECT_EQ(told[told.size() - 2], R"(system user.linked done {"by":"openid","claimed":false})");
    EXPECT_EQ(told.back(), R"(user log_in done {"by":"openid"})");
}

TEST_F(OutsideLogInsTest, New_accounts_follow_the_rule_of_sign_up) {
    const auto by = [](SignUpFor rule) {
        return OutsideLogInOptions{.signup = {.rule = rule, .domains = {"example.org"}}};
    };
    EXPECT_EQ(refused(person(), by(SignUpFor::nobody)), OutsideRefusal::no_account);
    EXPECT_EQ(refused(person(), by(SignUpFor::invited)), OutsideRefusal::no_account);
    EXPECT_EQ(refused(person(), kNobodyNew), OutsideRefusal::no_account);
    auto elsewhere = person();
    elsewhere.email = "ada@elsewhere.example";
    EXPECT_EQ(refused(elsewhere, by(SignUpFor::domains)), OutsideRefusal::no_account);
    EXPECT_EQ(refused(person(), by(SignUpFor::domains)), std::nullopt);
    EXPECT_EQ(refused(person("eve"), by(SignUpFor::everybody)), std::nullopt);
    EXPECT_EQ(event_types().size(), 2);
}

TEST_F(OutsideLogInsTest, An_account_is_found_by_a_verified_address_alone) {
    const auto ada = added("ada");
    auto unverified = person();
    unverified.email_verified = false;
    EXPECT_EQ(refused(unverified), OutsideRefusal::email_not_verified);
    auto nameless = person();
    nameless.email.clear();
    EXPECT_EQ(refused(nameless), OutsideRefusal::no_email);
    nameless.email = "no address";
    EXPECT_EQ(refused(nameless), OutsideRefusal::no_email);

    auto known = person();
    known.email = "ADA@Example.org";
    const auto in = enter(known, kNobodyNew);
    ASSERT_TRUE(in);
    EXPECT_EQ(in->user.id, ada.id);
    EXPECT_TRUE(log_in("ada@example.org")) << "an administrator gave the address, so the password stays";

    auto other = person();
    other.subject = "who has the address now";
    EXPECT_EQ(refused(other), OutsideRefusal::linked_otherwise);
    other.issuer = "https://other.example";
    EXPECT_EQ(enter(other, kNobodyNew)->user.id, ada.id) << "another provider";
}

TEST_F(OutsideLogInsTest, Who_claimed_an_address_loses_the_account_to_its_owner) {
    const OutsideLogInOptions open{.users = OutsideUsers::all, .signup = {.rule = SignUpFor::everybody}};
    const auto eve = sign_up("ada", "the password of eve");
    ApiTokens tokens(service.database, outbox);
    ASSERT_TRUE(service.loop.run(tokens.make({.user = eve.id, .name = "Backup", .scopes = "read"})));
    ASSERT_TRUE(service.loop.run(accounts.log_in("ada@example.org", "the password of eve", {}, SessionWish{})));

    const auto in = enter(person(), open);
    ASSERT_TRUE(in);
    EXPECT_EQ(in->user.id, eve.id);
    EXPECT_FALSE(log_in("ada@example.org", "the password of eve"));
    EXPECT_EQ(service.loop.run(accounts.sessions().list(eve.id)).size(), 1) << "the one that has just begun";
    EXPECT_TRUE(service.loop.run(tokens.list(eve.id)).empty());
    EXPECT_GT(user(eve.id).not_before_us, 0);
    EXPECT_TRUE(user(eve.id).email_checked);
    EXPECT_TRUE(enter(person(), open)) << "and once alone";
    EXPECT_EQ(service.loop.run(accounts.sessions().list(eve.id)).size(), 2);
}

TEST_F(OutsideLogInsTest, Who_has_shown_that_the_address_is_theirs_keeps_the_password) {
    const OutsideLogInOptions checked{
        .users = OutsideUsers::all, .signup = {.rule = SignUpFor::everybody}, .emails_are_checked = true};
    sign_up("ada", "secret1");
    ASSERT_TRUE(enter(person(), checked));
    EXPECT_TRUE(log_in("ada@example.org", "secret1"));

    const auto eve = sign_up("eve", "secret1");
    service.write([&](SqlSession& session) {
        session.run("UPDATE users SET email_checked = 0 WHERE id = $1", {sql(eve.id.text())});
    });
    ASSERT_TRUE(enter(person("eve"), checked));
    EXPECT_FALSE(log_in("eve@example.org", "secret1"));
    EXPECT_TRUE(user(eve.id).email_checked) << "the provider has seen it";
}

TEST_F(OutsideLogInsTest, Who_is_disabled_is_refused_and_who_is_deleted_is_forgotten) {
    const auto ada = enter(person())->user;
    ASSERT_TRUE(service.loop.run(accounts.disable(ada.id)));
    EXPECT_EQ(refused(person()), OutsideRefusal::disabled);
    const auto eve = added("eve");
    ASSERT_TRUE(service.loop.run(accounts.disable(eve.id)));
    EXPECT_EQ(refused(person("eve")), OutsideRefusal::disabled);
    ASSERT_TRUE(service.loop.run(accounts.enable(eve.id)));
    EXPECT_EQ(refused(person("eve")), std::nullopt) << "being refused linked nothing";

    ASSERT_TRUE(service.loop.run(accounts.erase(ada.id)));
    EXPECT_EQ(refused(person(), kNobodyNew), OutsideRefusal::no_account);
    EXPECT_NE(enter(person())->user.id, ada.id);
}

TEST_F(OutsideLogInsTest, A_role_follows_what_is_granted_when_that_changes) {
    const OutsideLogInOptions viewers{.users = OutsideUsers::all, .signup = {.role = Role::viewer}};
    const auto with = [](std::optional<Role> role) {
        auto one = person();
        one.role = role;
        return one;
    };
    const auto id = enter(with(Role::moderator), viewers)->user.id;
    EXPECT_EQ(user(id).role, Role::moderator);
    ASSERT_TRUE(service.loop.run(accounts.set_role(id, Role::uploader)));
    EXPECT_EQ(enter(with(Role::moderator), viewers)->user.role, Role::uploader) << "an administrator's word since then";
    EXPECT_EQ(enter(with(Role::admin), viewers)->user.role, Role::admin);
    EXPECT_EQ(enter(person(), viewers)->user.role, Role::admin) << "nothing is asked of roles";
    EXPECT_EQ(enter(with(std::nullopt), viewers)->user.role, Role::viewer);
    EXPECT_EQ(events().back().type, "user.changed");
    EXPECT_EQ(data_of(events().back()).text_or("role", ""), "viewer");
}

TEST_F(OutsideLogInsTest, The_last_administrator_stays_one) {
    const auto root = added("ada", Role::admin);
    auto viewer = person();
    viewer.role = std::optional(Role::viewer);
    EXPECT_EQ(enter(viewer)->user.role, Role::admin);
    EXPECT_TRUE(log_in("ada@example.org")) << "nobody claims an administrator's account by signing up";
    added("eve", Role::admin);
    viewer.role = std::optional<Role>();
    EXPECT_EQ(enter(viewer)->user.role, SignUpPolicy().role);
    EXPECT_EQ(user(root.id).role, SignUpPolicy().role);
}

TEST_F(OutsideLogInsTest, Groups_follow_what_is_said_at_each_log_in) {
    const auto algebra = course("Algebra", "/courses/algebra");
    const auto biology = course("Biology", " /courses/biology ");
    const auto chemistry = course("Chemistry", "");
    auto ada = person();
    ada.groups = {"/courses/algebra", "/courses/biology", "Chemistry", "/staff"};
    const auto id = enter(ada)->user.id;
    EXPECT_THAT(members(algebra.id), ElementsAre("ada@example.org by openid"));
    EXPECT_THAT(members(biology.id), ElementsAre("ada@example.org by openid"));
    EXPECT_THAT(members(chemistry.id), ElementsAre());
    const auto told = event_types().size();
    ASSERT_TRUE(enter(ada));
    EXPECT_EQ(event_types().size(), told) << "nothing came or went";

    ada.groups = {"/courses/biology"};
    ASSERT_TRUE(enter(ada));
    EXPECT_THAT(members(algebra.id), ElementsAre());
    EXPECT_EQ(events().back().type, "group.changed");
    EXPECT_THAT(members(biology.id), ElementsAre("ada@example.org by openid"));
    ada.groups.reset();
    ASSERT_TRUE(enter(ada));
    EXPECT_THAT(members(biology.id), ElementsAre("ada@example.org by openid")) << "nothing is asked of groups";

    // Another way of logging in says nothing of what this one brought.
    auto by_proxy = person();
    by_proxy.by = BegunBy::proxy;
    by_proxy.issuer = kProxyIssuer;
    by_proxy.subject = by_proxy.email;
    by_proxy.groups = {"/courses/algebra"};
    EXPECT_EQ(enter(by_proxy)->user.id, id);
    EXPECT_THAT(members(algebra.id), ElementsAre("ada@example.org by proxy"));
    EXPECT_THAT(members(biology.id), ElementsAre("ada@example.org by openid"));
    ada.groups = std::vector<std::string>();
    ASSERT_TRUE(enter(ada));
    EXPECT_THAT(members(biology.id), ElementsAre());
    EXPECT_THAT(members(algebra.id), ElementsAre("ada@example.org by proxy"));
}

TEST_F(OutsideLogInsTest, What_people_said_of_groups_stays) {
    const auto algebra = course("Algebra", "algebra");
    const auto biology = course("Biology", "biology");
    auto ada = person();
    ada.groups = {"algebra", "biology"};
    ASSERT_TRUE(enter(ada));
    ASSERT_TRUE(service.loop.run(groups.add_member(algebra.id, "ada@example.org")));
    ASSERT_TRUE(service.loop.run(groups.put_members(biology.id, "ada@example.org\n")));
    EXPECT_THAT(members(algebra.id), ElementsAre("ada@example.org by hand"));
    EXPECT_THAT(members(biology.id), ElementsAre("ada@example.org by list"));
    ASSERT_TRUE(enter(ada));
    ada.groups = std::vector<std::string>();
    ASSERT_TRUE(enter(ada));
    EXPECT_THAT(members(algebra.id), ElementsAre("ada@example.org by hand"));
    EXPECT_THAT(members(biology.id), ElementsAre("ada@example.org by list"));
}

TEST_F(OutsideLogInsTest, A_group_that_is_called_otherwise_loses_who_came_by_its_name) {
    const auto algebra = course("Algebra", "algebra");
    auto ada = person();
    ada.groups = {"algebra"};
    ASSERT_TRUE(enter(ada));
    const auto changed = service.loop.run(groups.change(algebra.id, {.external_name = "algebra 2027"})).value();
    EXPECT_EQ(changed.external_name, "algebra 2027");
    EXPECT_EQ(changed.name, "Algebra");
    ASSERT_TRUE(enter(ada));
    EXPECT_THAT(members(algebra.id), ElementsAre());
    EXPECT_EQ(service.loop.run(groups.change(algebra.id, {.external_name = " "}))->external_name, std::nullopt);
    EXPECT_EQ(service.loop.run(groups.change(algebra.id, {.external_name = "two\nlines"})).error().code,
              ErrorCode::invalid);
    EXPECT_EQ(service.loop.run(groups.make("Long", "group", std::string(256, 'x'))).error().code, ErrorCode::invalid);
}

TEST_F(OutsideLogInsTest, A_full_group_takes_nobody_and_the_log_in_goes_on) {
    const auto algebra = course("Algebra", "algebra");
    service.write([&](SqlSession& session) {
        session.run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) "
            "INSERT INTO users (id, first_name, last_name, email, email_key, role, created_us, updated_us) "
            "SELECT 'u' || i, 'U', 'V', i || '@example.org', i || '@example.org', 'viewer', 1, 1 FROM n",
            {sql(limits::kGroupMembersMax)});
        session.run("INSERT INTO user_group_members (group_id, user_id, added_us) SELECT $1, id, 1 FROM users",
                    {sql(algebra.id.text())});
    });
    auto ada = person();
    ada.groups = {"algebra"};
    EXPECT_TRUE(enter(ada));
    EXPECT_EQ(service.loop.run(groups.find_named("Algebra"))->members, limits::kGroupMembersMax);
}

TEST_F(OutsideLogInsTest, Personal_data_tells_who_somebody_is_elsewhere) {
    const auto id = enter(person())->user.id;
    enter(person("eve")).value();
    std::string told;
    for (const auto& part : personal_parts(service.database)) {
        if (part.name != "known_elsewhere_as") continue;
        for (const auto& item : service.loop.run(part.page(id, "")).items) told += item;
    }
    EXPECT_THAT(told, ::testing::HasSubstr(kIssuer));
    EXPECT_THAT(told, ::testing::HasSubstr("subject of ada"));
    EXPECT_THAT(told, ::testing::Not(::testing::HasSubstr("eve")));
}

TEST(OutsideNames, Are_cut_and_on_one_line) {
    OutsidePerson person;
    split_name("  Augusta Ada King Lovelace ", person);
    EXPECT_EQ(person.first_name, "Augusta Ada King");
    EXPECT_EQ(person.last_name, "Lovelace");
    split_name("Ada", person);
    EXPECT_EQ(person.first_name, "Ada");
    EXPECT_EQ(person.last_name, "");
    person.first_name = "A\r\nB";
    person.last_name = std::string(50, 'x');
    for (int i = 0; i < 40; ++i) person.last_name += "ü";
    tidy_names(person);
    EXPECT_EQ(person.first_name, "A  B");
    EXPECT_EQ(person.last_name, std::string(35, 'x'));
    person.last_name.clear();
    for (int i = 0; i < 40; ++i) person.last_name += "ü";
    tidy_names(person);
    EXPECT_EQ(count_characters(person.last_name), 35);
    EXPECT_EQ(person.last_name.size(), 70);
}

}  // namespace
}  // namespace movio::accounts
