#include "catalog/grants.hpp"

#include <gtest/gtest.h>

#include "adapters/memory/event_bus.hpp"
#include "support/sqlite_service.hpp"

namespace movio::catalog {
namespace {

class GrantsTest : public ::testing::Test {
protected:
    void SetUp() override { grants.subscribe(bus, service.loop.executor()); }
    void TearDown() override { service.loop.run(bus.stop()); }

    void tell(const std::string& type, const std::string& data) {
        Event event;
        event.id = EventId::make();
        event.type = type;
        event.data = data;
        service.loop.run(bus.publish(std::move(event)));
    }
    void tell_made(const std::string& scopes = "read", const std::string& expires = "null") {
        tell("api_token.made", R"({"token_id":")" + token.text() + R"(","user_id":")" + user.text() +
                                   R"(","token_hash":"h","scopes":")" + scopes + R"(","expires_us":)" + expires + "}");
    }
    void tell_ended() { tell("api_token.ended", R"({"token_id":")" + token.text() + R"("})"); }
    bool is_ended(access::SessionId id) { return service.loop.run(grants.is_ended(id)); }
    std::optional<access::ApiGrant> find(const std::string& hash) { return service.loop.run(grants.find(hash)); }

    test::SqliteService service{"catalog"};
    InProcessEventBus bus;
    Grants grants{service.database};
    const access::ApiTokenId token = access::ApiTokenId::make();
    const UserId user = UserId::make();
};

TEST_F(GrantsTest, A_session_counts_until_it_is_told_that_it_ended) {
    const auto one = access::SessionId::make();
    const auto other = access::SessionId::make();
    EXPECT_FALSE(is_ended(one));
    const auto end = R"({"session_id":")" + one.text() + R"(","until_us":9000000000000000})";
    tell("session.ended", end);
    EXPECT_TRUE(is_ended(one)) << "at once, although it was looked at a moment ago";
    EXPECT_FALSE(is_ended(other));
    tell("session.ended", end);
    EXPECT_TRUE(is_ended(one));
    service.loop.run(grants.clean_up());
    EXPECT_TRUE(is_ended(one));
}

TEST_F(GrantsTest, Sessions_whose_tokens_have_run_out_are_forgotten) {
    const auto old = access::SessionId::make();
    tell("session.ended", R"({"session_id":")" + old.text() + R"(","until_us":1})");
    service.loop.run(grants.clean_up());
    EXPECT_EQ(service.read([](SqlSession& session) {
        return session.run("SELECT COUNT(*) FROM ended_sessions").rows.at(0).integer(0);
    }),
              0);
}

TEST_F(GrantsTest, A_token_for_programs_is_found_by_its_hash_until_it_ends) {
    EXPECT_FALSE(find("h"));
    tell_made("read manage", "77");
    const auto grant = find("h").value();
    EXPECT_EQ(grant.user, user);
    EXPECT_EQ(access::to_text(grant.scopes), "read manage");
    EXPECT_EQ(grant.expires_us, 77);
    EXPECT_FALSE(find(""));
    tell_ended();
    EXPECT_FALSE(find("h"));
}

TEST_F(GrantsTest, What_ended_stays_so_whatever_comes_late) {
    tell_ended();
    tell_made();
    EXPECT_FALSE(find("h"));
    EXPECT_FALSE(find(""));
    tell("api_token.made", R"({"token_id":"none"})");
    EXPECT_FALSE(find(""));
}

}  // namespace
}  // namespace movio::catalog
