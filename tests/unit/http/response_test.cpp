#include "http/response.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "http/answer.hpp"

namespace movio::http {
namespace {

TEST(ProblemResponse, Has_the_members_of_rfc_9457) {
    const auto response = problem_response({ErrorCode::no_space, "The disk is full.", "secret detail"}, "id-1");
    EXPECT_EQ(response.status, 507);
    EXPECT_EQ(response.headers.find("retry-after"), "60");
    const auto& text = std::get<std::string>(response.body);
    const auto json = JsonView::parse(text);
    ASSERT_TRUE(json);
    EXPECT_EQ(json->text_or("type", ""), "/doc/problems/no-space");
    EXPECT_EQ(json->text_or("title", ""), "No space left");
    EXPECT_EQ(json->integer_or("status", 0), 507);
    EXPECT_EQ(json->text_or("detail", ""), "The disk is full.");
    EXPECT_EQ(json->text_or("instance", ""), "id-1");
    EXPECT_EQ(json->text_or("code", ""), "no-space");
    EXPECT_FALSE(text.contains("secret"));
    EXPECT_FALSE(json->find("errors"));
}

TEST(Headers, Compare_without_case_and_keep_values_on_one_line) {
    Headers headers;
    headers.add("X-One", "a\r\nSet-Cookie: b");
    EXPECT_EQ(headers.find("x-one"), "aSet-Cookie: b");
    headers.add("x-ONE", "c");
    EXPECT_EQ(headers.count("X-One"), 2U);
    EXPECT_EQ(headers.joined("X-One"), "aSet-Cookie: b, c");
    headers.set("X-One", "d");
    EXPECT_EQ(headers.size(), 1U);
    headers.remove("x-one");
    EXPECT_FALSE(headers.has("X-One"));
}

TEST(HttpDate, Is_an_imf_fixdate) {
    EXPECT_EQ(http_date(784111777LL * 1'000'000), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(Redirect, Is_303_with_location) {
    const auto response = redirect("/elsewhere");
    EXPECT_EQ(response.status, 303);
    EXPECT_EQ(response.headers.find("location"), "/elsewhere");
}

}  // namespace
}  // namespace movio::http
