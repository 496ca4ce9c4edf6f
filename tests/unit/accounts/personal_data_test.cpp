#include "accounts/personal_data.hpp"

#include <set>

#include <gtest/gtest.h>

#include "access/secret.hpp"
#include "accounts/api_tokens.hpp"
#include "accounts/groups.hpp"
#include "accounts/invites.hpp"
#include "unit/accounts/accounts_fixture.hpp"

namespace movio::accounts {
namespace {

class PersonalData : public ::testing::Test, protected test::Accounts {
protected:
    // All items of a part, however many pages they come in.
    std::vector<JsonView> read(UserId user, std::string_view name) {
        std::vector<JsonView> items;
        for (const auto& part : personal_parts(service.database)) {
            if (part.name != name) continue;
            std::string after;
            do {
                auto page = service.loop.run(part.page(user, after));
                for (const auto& item : page.items) items.push_back(JsonView::parse(item).value());
                after = std::move(page.after);
            } while (!after.empty());
        }
        return items;
    }
    std::string everything(UserId user) {
        std::string all;
        for (const auto& part : personal_parts(service.database))
            for (const auto& item : read(user, part.name)) all += item.serialize() + "\n";
        return all;
    }
};

TEST_F(PersonalData, Has_what_is_kept_of_the_person_and_of_nobody_else) {
    const auto ada = sign_up();
    const auto eve = sign_up("eve");
    EXPECT_TRUE(service.loop.run(accounts.set_phone_number(ada.id, "+4930123456")));
    SessionWish wish{.kind = SessionKind::page, .agent = "Browser", .address = "192.0.2.7"};
    EXPECT_TRUE(service.loop.run(accounts.log_in("ada", "secret1", "", wish)));
    wish.agent = "Foreign";
    EXPECT_TRUE(service.loop.run(accounts.log_in("eve", "secret1", "", wish)));
    ApiTokens tokens(service.database, outbox);
    const auto token = service.loop.run(tokens.make({.user = ada.id, .name = "Backup", .scopes = "read"})).value();
    Groups groups(service.database, outbox);
    const auto course = service.loop.run(groups.make("Optics", "course")).value();
    EXPECT_TRUE(service.loop.run(groups.make("Acoustics", "course")));
    EXPECT_TRUE(service.loop.run(groups.add_member(course.id, "ada@example.org")));
    Invites invites(service.database, {.rule = SignUpFor::everybody});
    const auto invite = service.loop.run(invites.make({.email = "bob@example.org", .by = ada.id})).value();

    ASSERT_EQ(read(ada.id, "account").size(), 1);
    const auto account = read(ada.id, "account")[0];
    EXPECT_EQ(account.text_or("email", ""), "ada@example.org");
    EXPECT_EQ(account.text_or("phone_number", ""), "+4930123456");
    ASSERT_EQ(read(ada.id, "log_ins").size(), 1);
    EXPECT_EQ(read(ada.id, "log_ins")[0].text_or("address", ""), "192.0.2.7");
    ASSERT_EQ(read(ada.id, "tokens_for_programs").size(), 1);
    EXPECT_EQ(read(ada.id, "tokens_for_programs")[0].text_or("name", ""), "Backup");
    ASSERT_EQ(read(ada.id, "groups").size(), 1);
    EXPECT_EQ(read(ada.id, "groups")[0].text_or("name", ""), "Optics");
    ASSERT_EQ(read(ada.id, "invitations").size(), 1);
    EXPECT_EQ(read(ada.id, "invitations")[0].text_or("email", ""), "bob@example.org");

    const auto all = everything(ada.id);
    EXPECT_FALSE(all.contains("Foreign") || all.contains("eve@") || all.contains(eve.id.text())) << all;
    for (const auto& secret : {token.token, invite.token, access::token_hash(token.token),
                               access::token_hash(invite.token), user(ada.id).password_hash.value()})
        EXPECT_FALSE(all.contains(secret)) << secret;
}

TEST_F(PersonalData, Comes_in_pages) {
    const auto ada = sign_up();
    service.write([&](SqlSession& session) {
        for (int i = 0; i < 250; ++i)
            session.run(
                "INSERT INTO sessions (id, user_id, kind, agent, address, created_us, used_us, expires_us, ended_us, "
                "ended_by) VALUES ($1, $2, 'app', 'Browser', '', 1, 1, 1, 2, 'user')",
                {sql(Uuid::make().text()), sql(ada.id.text())});
    });
    for (const auto& part : personal_parts(service.database))
        if (part.name == "log_ins") EXPECT_EQ(service.loop.run(part.page(ada.id, "")).items.size(), 100);
    const auto all = read(ada.id, "log_ins");
    std::set<std::string> ids;
    for (const auto& one : all) ids.insert(one.text_or("id", ""));
    EXPECT_EQ(all.size(), 250);
    EXPECT_EQ(ids.size(), 250);
    EXPECT_TRUE(all[0].find("ended_at")->text()) << "ended ones are kept for a while";
}

TEST_F(PersonalData, Of_nobody_is_nothing) {
    const auto nobody = UserId::make();
    EXPECT_EQ(everything(nobody), "");
}

}  // namespace
}  // namespace movio::accounts
