#include "accounts/account_service.hpp"

#include <tuple>
#include <vector>

#include <gmock/gmock.h>

#include "access/jwt.hpp"
#include "async/task_group.hpp"
#include "base/clock.hpp"
#include "unit/accounts/accounts_fixture.hpp"

namespace movio::accounts {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;

std::string errors_of(const SignUpRefusal& refusal) {
    JsonWriter json;
    refusal.errors.write(json);
    return json.take();
}

class Service : public ::testing::Test, protected test::Accounts {
protected:
    template <class T>
    T run(Awaitable<T> task) {
        return service.loop.run(std::move(task));
    }
    access::Claims claims_of(const std::string& token) {
        return access::verify(token, keys, wall_now_us() / kSecondUs).value();
    }
    bool counts(const LoggedIn& in) {
        const auto now = user(in.user.id);
        return now.enabled && (claims_of(in.tokens.access).issued_s + 1) * kSecondUs > now.not_before_us;
    }
};

TEST_F(Service, Moderators_block_viewers_and_uploaders_and_admins_all_but_themselves) {
    const auto make = [this](std::string_view name, Role role) {
        const auto id = sign_up(name).id;
        run(accounts.set_role(id, role)).value();
        return id;
    };
    const auto admin = make("admin", Role::admin);
    const auto moderator = make("moderator", Role::moderator);
    const auto uploader = make("uploader", Role::uploader);
    const auto viewer = make("viewer", Role::viewer);
    const auto blocked = [this](UserId user, UserId by) { return run(accounts.block(EventId::make(), user, by)); };
    EXPECT_FALSE(blocked(admin, moderator));
    EXPECT_FALSE(blocked(moderator, moderator));
    EXPECT_FALSE(blocked(make("second", Role::moderator), moderator));
    EXPECT_FALSE(blocked(viewer, uploader));
    EXPECT_FALSE(blocked(admin, admin));
    EXPECT_FALSE(blocked(UserId::make(), admin));
    EXPECT_FALSE(blocked(viewer, UserId::make()));
    EXPECT_TRUE(blocked(viewer, moderator));
    EXPECT_TRUE(blocked(moderator, admin));
    EXPECT_FALSE(user(viewer).enabled);
    EXPECT_FALSE(log_in("viewer@example.org"));
    EXPECT_EQ(event_types().back(), "user.disabled");
    EXPECT_FALSE(blocked(viewer, admin)) << "it is blocked already";
}

TEST_F(Service, A_block_has_its_effect_once_however_often_it_is_told) {
    const auto admin = sign_up("admin").id;
    run(accounts.set_role(admin, Role::admin)).value();
    const auto uploader = sign_up("uploader").id;
    const auto decision = EventId::make();
    EXPECT_TRUE(run(accounts.block(decision, uploader, admin)));
    run(accounts.enable(uploader)).value();
    EXPECT_FALSE(run(accounts.block(decision, uploader, admin)));
    EXPECT_TRUE(user(uploader).enabled);
}

TEST_F(Service, Signing_up_makes_a_user_tells_others_and_logs_in) {
    auto given = form();
    given.values.first_name = "Аda";
    const auto in = run(accounts.sign_up(given)).value();
    EXPECT_EQ(in.user.role, Role::uploader);
    EXPECT_EQ(in.user.version, 1);
    const auto kept = user(in.user.id);
    EXPECT_EQ(kept.first_name, "Аda");
    EXPECT_EQ(kept.username, "ada");
    EXPECT_EQ(kept.email, "ada@example.org");
    EXPECT_TRUE(verify_password("secret1", *kept.password_hash));

    const auto claims = claims_of(in.tokens.access);
    EXPECT_EQ(claims.type, access::TokenType::access);
    EXPECT_EQ(claims.user, in.user.id);
    EXPECT_EQ(claims.expires_s - claims.issued_s, 3600);
    EXPECT_EQ(claims.jti.size(), 32);
    EXPECT_EQ(claims.user_data.first_name, "Аda");
    const auto refresh = claims_of(in.tokens.refresh);
    EXPECT_EQ(refresh.type, access::TokenType::refresh);
    EXPECT_NE(refresh.jti, claims.jti);

    const auto told = events();
    ASSERT_EQ(told.size(), 1);
    EXPECT_EQ(told[0].type, "user.created");
    EXPECT_EQ(data_of(told[0]).serialize(),
              fmt::format(R"({{"user_id":"{}","version":1,"first_name":"Аda","last_name":"Lovelace","username":"ada",)"
                          R"("email":"ada@example.org","email_checked":true,"phone_number":null,"role":"uploader",)"
                          R"("enabled":true,"deleted":false,"not_before_us":0}})",
                          in.user.id.text()));
}

TEST_F(Service, Name_and_address_belong_to_one_user) {
    sign_up("ada");
    auto second = form("ada");
    auto refusal = run(accounts.sign_up(second)).error();
    EXPECT_TRUE(refusal.taken);
    EXPECT_EQ(errors_of(refusal), R"({"username":["User with this User Name already exists."],)"
                                  R"("email":["User with this Email Address already exists."]})");
    second.values.email = "other@example.org";
    second.passwords_differ = true;
    refusal = run(accounts.sign_up(second)).error();
    EXPECT_EQ(errors_of(refusal), R"({"username":["User with this User Name already exists."]})")
        << "that passwords differ is told last";
    second.errors.add("first_name", "This field is required.");
    refusal = run(accounts.sign_up(second)).error();
    EXPECT_FALSE(refusal.taken);
    EXPECT_EQ(errors_of(refusal), R"({"first_name":["This field is required."],)"
                                  R"("username":["User with this User Name already exists."]})");
    EXPECT_EQ(events().size(), 1);
}

TEST_F(Service, Names_and_addresses_are_compared_exactly) {
    sign_up("ada");
    EXPECT_NO_THROW(sign_up("Ada"));
    auto nameless = form("x");
    nameless.values.username.reset();
    EXPECT_TRUE(run(accounts.sign_up(nameless)));
    nameless.values.email = "y@example.org";
    EXPECT_TRUE(run(accounts.sign_up(nameless))) << "many have no name";
}

TEST_F(Service, Passwords_that_differ_make_no_account) {
    auto given = form();
    given.passwords_differ = true;
    const auto refusal = run(accounts.sign_up(given)).error();
    EXPECT_EQ(errors_of(refusal), R"({"non_field_errors":["Password does not match!"]})");
    EXPECT_FALSE(refusal.taken);
    EXPECT_TRUE(events().empty());
    EXPECT_EQ(passwords.operations(), 0);
}

TEST_F(Service, Who_is_slower_by_a_moment_gets_the_same_answer) {
    // Both have looked and found the name free when the first one is written.
    auto first = accounts.sign_up(form());
    std::optional<std::expected<LoggedIn, SignUpRefusal>> outcomes[2];
    auto race = [](Awaitable<std::expected<LoggedIn, SignUpRefusal>> one,
                   std::optional<std::expected<LoggedIn, SignUpRefusal>>& outcome) -> Awaitable<void> {
        outcome = co_await std::move(one);
    };
    TaskGroup group(service.loop.executor());
    group.spawn("sign-up", race(std::move(first), outcomes[0]));
    group.spawn("sign-up", race(accounts.sign_up(form()), outcomes[1]));
    run(group.wait());
    ASSERT_TRUE(outcomes[0] && outcomes[1]);
    EXPECT_NE(outcomes[0]->has_value(), outcomes[1]->has_value());
    const auto& refused = outcomes[0]->has_value() ? *outcomes[1] : *outcomes[0];
    EXPECT_TRUE(refused.error().taken);
    EXPECT_EQ(refused.error().errors.fields().size(), 2);
    EXPECT_EQ(event_types(), std::vector<std::string>{"user.created"});
}

TEST_F(Service, Logging_in_by_name_and_by_address_in_any_case) {
    const auto id = sign_up("ada").id;
    for (const auto* credential : {"ada", "ada@example.org", "ADA@Example.ORG"}) {
        const auto in = log_in(credential);
        ASSERT_TRUE(in) << credential;
        EXPECT_EQ(in->user.id, id);
        EXPECT_EQ(claims_of(in->tokens.access).user, id);
    }
    EXPECT_FALSE(log_in("Ada")) << "names are exact";
    EXPECT_FALSE(log_in("ada", "Secret1"));
    EXPECT_FALSE(log_in("ada", ""));
    EXPECT_TRUE(run(accounts.log_in_by_email("Ada@example.org", "secret1")));
    EXPECT_FALSE(run(accounts.log_in_by_email("ada", "secret1")));
}

TEST_F(Service, Addresses_that_differ_in_case_alone_are_found_only_exactly) {
    const auto lower = sign_up("ada", "lower-secret").id;
    const auto upper = sign_up("ADA", "upper-secret").id;
    EXPECT_EQ(log_in("ada@example.org", "lower-secret").value().user.id, lower);
    EXPECT_EQ(log_in("ADA@example.org", "upper-secret").value().user.id, upper);
    EXPECT_FALSE(log_in("Ada@example.org", "lower-secret"));
    EXPECT_FALSE(log_in("Ada@example.org", "upper-secret"));
}

TEST_F(Service, Every_wrong_log_in_costs_one_hash) {
    sign_up("ada");
    const auto disabled = sign_up("bob").id;
    ASSERT_TRUE(run(accounts.disable(disabled)));
    const auto without = run(accounts.add(
                                 [] {
                                     auto form = Accounts::form("cli");
                                     form.values.password.reset();
                                     return form;
                                 }(),
                                 Role::admin))
                             .value();
    EXPECT_FALSE(without.password_hash);
    sign_up("eve");
    sign_up("EVE");
    const auto deleted = sign_up("gone").id;
    ASSERT_TRUE(run(accounts.erase(deleted)));
    const std::pair<const char*, const char*> wrong[] = {
        {"nobody", "secret1"},
        {"nobody@example.org", "secret1"},
        {"", "secret1"},
        {"ada", "wrong-secret"},
        {"bob", "secret1"},
        {"cli", "secret1"},
        {"Eve@example.org", "secret1"},
        {"gone", "secret1"},
        {"gone@example.org", "secret1"},
        {"ada", ""},
    };
    const auto with_nul = passwords.operations();
    EXPECT_FALSE(log_in(std::string("ada\0", 4)));
    EXPECT_EQ(passwords.operations(), with_nul + 1);
    for (const auto& [credential, password] : wrong) {
        const auto before = passwords.operations();
        EXPECT_FALSE(log_in(credential, password)) << credential;
        EXPECT_EQ(passwords.operations(), before + 1) << credential;
        EXPECT_FALSE(log_in(credential, std::string(100'000, 'x')));
        EXPECT_EQ(passwords.operations(), before + 2) << credential;
    }
}

TEST_F(Service, A_hash_of_Django_is_made_anew_at_the_next_log_in) {
    const auto id = sign_up("ada").id;
    set_hash(id, "pbkdf2_sha256$260000$saltsalt$Lrsq6xoXG4zL4FeGrpLcHtk0ty9wl6mE+qnRIK0i3rU=");
    EXPECT_FALSE(log_in("ada", "wrong horse"));
    EXPECT_TRUE(user(id).password_hash->starts_with("pbkdf2_sha256$"));
    EXPECT_TRUE(log_in("ada", "correct horse"));
    const auto now = user(id);
    EXPECT_TRUE(now.password_hash->starts_with("$argon2id$v=19$m=64,t=1,p=1$")) << *now.password_hash;
    EXPECT_EQ(now.version, 1) << "others hear nothing of it";
    const auto before = passwords.operations();
    EXPECT_TRUE(log_in("ada", "correct horse"));
    EXPECT_EQ(passwords.operations(), before + 1);
    EXPECT_EQ(event_types(), std::vector<std::string>{"user.created"});
}

TEST_F(Service, A_change_of_password_ends_older_tokens_and_lets_in_at_once) {
    sign_up("ada");
    const auto before = log_in("ada").value();
    EXPECT_TRUE(counts(before));
    const auto changed = run(accounts.change_password(before.user.id, "new-secret")).value();
    EXPECT_EQ(changed.version, 2);
    EXPECT_EQ(changed.not_before_us % kSecondUs, 0);
    EXPECT_GT(changed.not_before_us, wall_now_us() - kSecondUs);
    EXPECT_FALSE(counts(before)) << "also when it was issued in the same second";
    EXPECT_FALSE(log_in("ada"));
    const auto after = log_in("ada", "new-secret").value();
    EXPECT_TRUE(counts(after)) << "without waiting for the next second";
    EXPECT_EQ(event_types(), (std::vector<std::string>{"user.created", "user.changed"}));
    EXPECT_EQ(data_of(events()[1]).integer_or("not_before_us", 0), changed.not_before_us);
}

TEST_F(Service, Passwords_that_nobody_may_have_are_refused) {
    const auto id = sign_up().id;
    EXPECT_EQ(run(accounts.change_password(id, "12345")).error().code, ErrorCode::invalid);
    EXPECT_EQ(run(accounts.change_password(id, std::string(129, 'x'))).error().code, ErrorCode::invalid);
    EXPECT_EQ(user(id).version, 1);
}

TEST_F(Service, Disabling_and_enabling) {
    sign_up("ada");
    const auto in = log_in("ada").value();
    const auto disabled = run(accounts.disable(in.user.id)).value();
    EXPECT_FALSE(disabled.enabled);
    EXPECT_FALSE(counts(in));
    EXPECT_FALSE(log_in("ada"));
    const auto enabled = run(accounts.enable(in.user.id)).value();
    EXPECT_TRUE(enabled.enabled);
    EXPECT_EQ(enabled.not_before_us, disabled.not_before_us);
    EXPECT_FALSE(counts(in)) << "tokens from before stay ended";
    EXPECT_TRUE(counts(log_in("ada").value()));
    EXPECT_EQ(event_types(), (std::vector<std::string>{"user.created", "user.disabled", "user.changed"}));
    const auto told = events();
    for (std::size_t i = 0; i < told.size(); ++i)
        EXPECT_EQ(data_of(told[i]).integer_or("version", 0), static_cast<std::int64_t>(i + 1));
    EXPECT_FALSE(data_of(told[1]).boolean_or("enabled", true));
    EXPECT_TRUE(data_of(told[2]).boolean_or("enabled", false));
}

TEST_F(Service, Erasing_leaves_the_id_and_frees_name_and_address) {
    const auto id = sign_up("ada").id;
    ASSERT_TRUE(run(accounts.erase(id)));
    const auto left = user(id);
    EXPECT_TRUE(left.deleted_us);
    EXPECT_EQ(left.email, "");
    EXPECT_EQ(left.first_name, "");
    EXPECT_FALSE(left.username);
    EXPECT_FALSE(left.password_hash);
    EXPECT_FALSE(log_in("ada"));
    const auto told = events();
    ASSERT_EQ(told.size(), 2);
    EXPECT_EQ(told[1].type, "user.deleted");
    const auto data = data_of(told[1]);
    EXPECT_EQ(data.integer_or("version", 0), 2);
    EXPECT_TRUE(data.boolean_or("deleted", false));
    EXPECT_FALSE(data.boolean_or("enabled", true));
    EXPECT_EQ(data.text_or("email", "?"), "");
    EXPECT_NE(sign_up("ada").id, id);

    for (const auto& again : {run(accounts.erase(id)), run(accounts.disable(id)), run(accounts.enable(id)),
                              run(accounts.change_password(id, "secret2")), run(accounts.disable(UserId::make()))})
        EXPECT_EQ(again.error().code, ErrorCode::not_found);
}

TEST_F(Service, An_event_is_written_with_its_change_or_not_at_all) {
    const auto id = sign_up("ada").id;
    service.write([](SqlSession& session) { session.run("DROP TABLE outbox"); });
    EXPECT_THROW(std::ignore = run(accounts.disable(id)), Failure);
    EXPECT_TRUE(user(id).enabled);
    EXPECT_THROW(std::ignore = run(accounts.sign_up(form("bob"))), Failure);
    EXPECT_FALSE(log_in("bob"));
}

TEST_F(Service, Users_are_found_as_people_name_them) {
    const auto id = sign_up("ada").id;
    for (const auto& name : {id.text(), std::string("ada"), std::string("Ada@example.org")})
        EXPECT_EQ(run(accounts.find_named(name)).value().id, id) << name;
    EXPECT_EQ(run(accounts.find_named("bob")).error().code, ErrorCode::not_found);
    ASSERT_TRUE(run(accounts.erase(id)));
    EXPECT_EQ(run(accounts.find_named(id.text())).error().code, ErrorCode::not_found);
}

TEST_F(Service, An_imported_name_that_looks_like_an_address_gives_way_to_the_address) {
    const auto id = sign_up("ada", "ada-secret").id;
    const auto other = sign_up("bob", "bob-secret").id;
    service.write([&](SqlSession& session) {
        session.run("UPDATE users SET username = 'ada@example.org' WHERE id = $1", {sql(other.text())});
    });
    EXPECT_EQ(log_in("ada@example.org", "ada-secret").value().user.id, id);
    EXPECT_FALSE(log_in("ada@example.org", "bob-secret"));
    service.write([&](SqlSession& session) {
        session.run("UPDATE users SET username = 'bob@name' WHERE id = $1", {sql(other.text())});
    });
    EXPECT_EQ(log_in("bob@name", "bob-secret").value().user.id, other);
}

TEST_F(Service, Pages_of_users_follow_each_other) {
    std::vector<UserId> ids;
    for (const auto* name : {"a", "b", "c", "d", "e"}) ids.push_back(sign_up(name).id);
    std::vector<UserId> listed;
    std::optional<UserId> after;
    for (;;) {
        const auto page = run(accounts.list(after, 2));
        for (const auto& one : page) listed.push_back(one.id);
        if (page.size() < 2) break;
        after = page.back().id;
    }
    EXPECT_EQ(listed, ids);
}

TEST_F(Service, The_oldest_administrator_owns_what_commands_add) {
    sign_up("ada");
    const auto first = run(accounts.add(form("root"), Role::admin)).value();
    ASSERT_TRUE(run(accounts.add(form("root2"), Role::admin)));
    EXPECT_EQ(run(accounts.ensure_admin()).value().id, first.id);
    EXPECT_EQ(data_of(events()[1]).text_or("role", ""), "admin");
}

TEST_F(Service, Commands_that_come_at_once_get_the_same_new_administrator) {
    std::vector<UserId> found(8);
    auto ask = [](AccountService& service, UserId& one) -> Awaitable<void> {
        one = (co_await service.ensure_admin()).value().id;
    };
    TaskGroup group(service.loop.executor());
    for (auto& one : found) group.spawn("command", ask(accounts, one));
    run(group.wait());
    EXPECT_THAT(found, ::testing::Each(found.front()));
    const auto made = user(found.front());
    EXPECT_EQ(made.email, kFirstAdminEmail);
    EXPECT_EQ(made.role, Role::admin);
    EXPECT_FALSE(made.password_hash);
    EXPECT_EQ(event_types(), std::vector<std::string>{"user.created"});
}

TEST_F(Service, The_address_of_the_first_administrator_may_be_somebody_elses) {
    auto given = form();
    given.values.email = kFirstAdminEmail;
    ASSERT_TRUE(run(accounts.add(given, Role::uploader)));
    EXPECT_FALSE(run(accounts.ensure_admin()));
}

TEST_F(Service, Guessing_is_slowed_down_for_one_name_from_one_network) {
    sign_up("ada");
    const auto guess = [this](const char* name, const char* password, const char* network) {
        return run(accounts.log_in(name, password, network));
    };
    for (const auto* name : {"ada", "nobody"}) {
        for (int i = 0; i < 6; ++i) EXPECT_EQ(guess(name, "wrong", "192.0.2.1").error().wait.count(), 0);
        const auto refused = guess(name, "secret1", "192.0.2.1");
        ASSERT_FALSE(refused) << "it is not looked at";
        EXPECT_GT(refused.error().wait.count(), 0);
    }
    EXPECT_TRUE(guess("ada", "secret1", "192.0.2.2")) << "nobody is locked out";
    EXPECT_TRUE(run(accounts.log_in("ada", "secret1")));
    EXPECT_GT(run(accounts.log_in_by_email("ADA", "secret1", "192.0.2.1")).error().wait.count(), 0);
}

TEST_F(Service, A_role_is_changed_and_told_and_ends_no_log_in) {
    const auto in = run(accounts.sign_up(form())).value();
    const auto changed = run(accounts.set_role(in.user.id, Role::moderator)).value();
    EXPECT_EQ(changed.role, Role::moderator);
    EXPECT_EQ(changed.version, 2);
    EXPECT_TRUE(counts(in));
    const auto told = events().back();
    EXPECT_EQ(told.type, "user.changed");
    EXPECT_EQ(data_of(told).text_or("role", ""), "moderator");
    EXPECT_EQ(run(accounts.set_role(UserId::make(), Role::admin)).error().code, ErrorCode::not_found);
    ASSERT_TRUE(run(accounts.erase(in.user.id)));
    EXPECT_EQ(user(in.user.id).role, Role::viewer);
    EXPECT_EQ(run(accounts.set_role(in.user.id, Role::admin)).error().code, ErrorCode::not_found);
}

TEST_F(Service, Resync_tells_of_everybody_again_as_they_are) {
    const auto kept = sign_up("ada").id;
    const auto gone = sign_up("bob").id;
    ASSERT_TRUE(run(accounts.disable(kept)));
    ASSERT_TRUE(run(accounts.erase(gone)));
    const auto before = events().size();
    EXPECT_EQ(run(accounts.resync()), 2);
    const auto told = events();
    ASSERT_EQ(told.size(), before + 2);
    std::map<std::string, std::string> types;
    for (std::size_t i = before; i < told.size(); ++i) {
        const auto data = data_of(told[i]);
        types[data.text_or("user_id", "")] = told[i].type;
        EXPECT_EQ(data.integer_or("version", 0), 2);
        EXPECT_FALSE(data.boolean_or("enabled", true));
    }
    EXPECT_EQ(types[kept.text()], "user.changed");
    EXPECT_EQ(types[gone.text()], "user.deleted");
}

}  // namespace
}  // namespace movio::accounts
