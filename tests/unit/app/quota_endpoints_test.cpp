#include "app/quota_endpoints.hpp"

#include <gtest/gtest.h>

#include "support/asking.hpp"
#include "support/films.hpp"

namespace movio::app {
namespace {

using http::Method;

class QuotaEndpointsTest : public test::FilmShelf, public ::testing::Test {
protected:
    QuotaEndpointsTest() {
        add_quota_endpoints(router, quotas, users);
        add_user(ada, "ada@example.org");
        catalog::Video video;
        video.owner_id = ada.text();
        video.source_bytes = 500;
        add(std::move(video));
    }
    test::Reply ask(Method method, const std::string& target, std::string body = {}) {
        return test::ask(service.loop, router,
                         {.method = method,
                          .target = "/api/v2/admin/quotas" + target,
                          .caller = http::Caller{UserId::make(), true},
                          .body = std::move(body),
                          .content_type = "application/json"});
    }

    const UserId ada = UserId::make();
    catalog::Quotas quotas{
        service.database, {{access::Role::uploader, {{catalog::QuotaKind::bytes, 1000}}}}, access::Role::uploader};
    catalog::Users users{service.database, outbox, watch};
    http::Router router;
};

TEST_F(QuotaEndpointsTest, Users_are_told_in_the_order_that_was_asked_for) {
    const auto other = UserId::make();
    const auto listed = ask(Method::get, "?user=" + other.text() + "&user=" + ada.text());
    ASSERT_EQ(listed.status, 200) << listed.text;
    const auto items = listed.json.find("items").value();
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items.at(0).text_or("user_id", ""), other.text());
    EXPECT_EQ(items.at(1).find("quota")->find("bytes")->integer_or("used", 0), 500);
    EXPECT_EQ(items.at(1).find("quota")->find("bytes")->integer_or("limit", 0), 1000);
    EXPECT_EQ(ask(Method::get, "").status, 400);
    EXPECT_EQ(ask(Method::get, "?user=nobody").status, 400);
}

TEST_F(QuotaEndpointsTest, Limits_are_set_taken_off_and_given_back_to_the_role) {
    const auto limit = [this](const std::string& body) {
        const auto changed = ask(Method::patch, "/" + ada.text(), body);
        EXPECT_EQ(changed.status, 200) << changed.text;
        return changed.json.find("bytes")->find("limit")->integer();
    };
    EXPECT_EQ(limit(R"({"bytes":"7000"})"), 7000);
    EXPECT_EQ(limit(R"({"minutes":"5"})"), 7000) << "what is not said stays";
    EXPECT_EQ(limit(R"({"bytes":"none"})"), std::nullopt);
    EXPECT_EQ(limit(R"({"bytes":"role"})"), 1000);
    EXPECT_EQ(ask(Method::patch, "/" + ada.text(), R"({"bytes":"much"})").status, 400);
    EXPECT_EQ(ask(Method::patch, "/" + UserId::make().text(), R"({"bytes":"1"})").status, 404);
}

}  // namespace
}  // namespace movio::app
