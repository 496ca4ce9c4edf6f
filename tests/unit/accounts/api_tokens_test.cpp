#include "accounts/api_tokens.hpp"

#include <gtest/gtest.h>

#include "access/secret.hpp"
#include "base/clock.hpp"
#include "unit/accounts/accounts_fixture.hpp"

namespace movio::accounts {
namespace {

class ApiTokensTest : public ::testing::Test, protected test::Accounts {
protected:
    template <class T>
    T run(Awaitable<T> task) {
        return service.loop.run(std::move(task));
    }
    ApiTokenWish wish(std::string name = "Backup", std::string scopes = "read") const {
        return {.user = ada, .name = std::move(name), .scopes = std::move(scopes), .days = 7};
    }

    ApiTokens tokens{service.database, outbox};
    const UserId ada = sign_up("ada").id;
};

TEST_F(ApiTokensTest, One_is_told_once_and_kept_as_a_hash) {
    const auto made = run(tokens.make(wish(" Backup ", "upload, read"))).value();
    EXPECT_TRUE(made.token.starts_with("movio_"));
    EXPECT_EQ(made.token.size(), 6 + 43);
    EXPECT_EQ(made.row.name, "Backup");
    const auto kept = service.read([](SqlSession& session) {
        const auto row = session.run("SELECT token_hash, scopes FROM api_tokens").rows.at(0);
        return std::pair(row.text(0), row.text(1));
    });
    EXPECT_EQ(kept.first, access::token_hash(made.token));
    EXPECT_EQ(kept.second, "read upload");
    const auto told = events().back();
    EXPECT_EQ(told.type, "api_token.made");
    const auto data = data_of(told);
    EXPECT_EQ(data.text_or("token_id", ""), made.row.id.text());
    EXPECT_EQ(data.text_or("user_id", ""), ada.text());
    EXPECT_EQ(data.text_or("token_hash", ""), kept.first);
    EXPECT_EQ(data.text_or("scopes", ""), "read upload");
    EXPECT_EQ(data.integer_or("expires_us", 0), made.row.expires_us);
    EXPECT_NEAR(static_cast<double>(*made.row.expires_us - wall_now_us()), 7.0 * 24 * 3600 * 1e6, 60e6);
}

TEST_F(ApiTokensTest, Wishes_that_cannot_be_are_refused) {
    for (const auto& bad : {wish(""), wish("  "), wish(std::string(101, 'x')), wish("a", ""), wish("a", "all")})
        EXPECT_EQ(run(tokens.make(bad)).error().code, ErrorCode::invalid) << bad.name << "/" << bad.scopes;
    auto days = wish();
    for (const auto number : {0, -1, 3651}) {
        days.days = number;
        EXPECT_EQ(run(tokens.make(days)).error().code, ErrorCode::invalid) << number;
    }
    auto nobodys = wish();
    nobodys.user = UserId::make();
    EXPECT_EQ(run(tokens.make(nobodys)).error().code, ErrorCode::not_found);
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(run(tokens.make(wish())));
    EXPECT_EQ(run(tokens.make(wish())).error().code, ErrorCode::conflict);
}

TEST_F(ApiTokensTest, They_are_listed_and_ended_by_their_user_or_an_administrator) {
    const auto one = run(tokens.make(wish("One"))).value();
    const auto two = run(tokens.make(wish("Two"))).value();
    ASSERT_EQ(run(tokens.list(ada)).size(), 2);
    EXPECT_EQ(run(tokens.list(ada))[0].name, "Two");
    EXPECT_FALSE(run(tokens.end(one.row.id, sign_up("eve").id)));
    EXPECT_TRUE(run(tokens.end(one.row.id, ada)));
    EXPECT_EQ(events().back().type, "api_token.ended");
    EXPECT_EQ(data_of(events().back()).text_or("token_id", ""), one.row.id.text());
    EXPECT_FALSE(run(tokens.end(one.row.id, ada)));
    EXPECT_TRUE(run(tokens.end(two.row.id, std::nullopt)));
    EXPECT_TRUE(run(tokens.list(ada)).empty());
}

TEST_F(ApiTokensTest, Resync_tells_of_all_as_they_are) {
    const auto one = run(tokens.make(wish())).value();
    const auto two = run(tokens.make(wish())).value();
    ASSERT_TRUE(run(tokens.end(one.row.id, ada)));
    const auto before = events().size();
    run(tokens.resync());
    std::map<std::string, std::string> types;
    const auto told = events();
    for (std::size_t i = before; i < told.size(); ++i) types[data_of(told[i]).text_or("token_id", "")] = told[i].type;
    EXPECT_EQ(types, (std::map<std::string, std::string>{{one.row.id.text(), "api_token.ended"},
                                                         {two.row.id.text(), "api_token.made"}}));
}

}  // namespace
}  // namespace movio::accounts
