#include "adapters/curl/curl_web_client.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/limits.hpp"
#include "support/coroutines.hpp"
#include "unit/http/http_support.hpp"

namespace movio {
namespace {

using http::Method;
using http::Request;
using http::Response;
using ::testing::HasSubstr;
using ::testing::Not;

// Tells what came.
Awaitable<Response> echo(Request& request) {
    const auto body = co_await http::read_all(*request.body, 1 << 20);
    std::string text(to_text(request.head.method));
    for (const auto* name : {"authorization", "content-type", "user-agent", "accept"})
        text += fmt::format("\n{}: {}", name, request.head.headers.find(name).value_or("-"));
    co_return http::text_response(200, "text/plain; charset=utf-8", text + "\n" + body.value());
}

class CurlWebClientTest : public ::testing::Test {
protected:
    CurlWebClientTest()
        : server([](http::ServerOptions&, http::Router& router) {
              http::test::add_route(router, Method::get, "/tell", &echo);
              http::test::add_route(router, Method::post, "/tell", &echo);
              http::test::add_route(router, Method::get, "/away",
                                    [](Request&) -> Awaitable<Response> { co_return http::redirect("/tell", 302); });
              http::test::add_route(router, Method::get, "/large", [](Request&) -> Awaitable<Response> {
                  co_return http::text_response(200, "text/plain", std::string(limits::kWebAnswerBytesMax + 1, 'a'));
              });
          }) {}

    Result<WebAnswer> ask(WebRequest request) {
        request.url = fmt::format("http://127.0.0.1:{}{}", server.port(), request.url);
        return test::run(client.ask(std::move(request)));
    }

    http::test::TestServer server;
    CurlWebClient client{"Movio/test"};
};

TEST_F(CurlWebClientTest, Gets_and_posts) {
    const auto got = ask({.url = "/tell", .bearer = "a token"});
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(got->status, 200);
    EXPECT_EQ(got->content_type, "text/plain; charset=utf-8");
    EXPECT_EQ(
        got->body,
        "GET\nauthorization: Bearer a token\ncontent-type: -\nuser-agent: Movio/test\naccept: application/json\n");
    const auto posted = ask({.url = "/tell", .form = WebForm{{"a", "b c"}}, .user = "me", .password = "secret:x"});
    ASSERT_TRUE(posted) << posted.error().detail;
    EXPECT_THAT(posted->body, HasSubstr("POST\nauthorization: Basic bWU6c2VjcmV0Ong="));
    EXPECT_THAT(posted->body, HasSubstr("content-type: application/x-www-form-urlencoded"));
    EXPECT_THAT(posted->body, HasSubstr("\na=b%20c"));
}

TEST_F(CurlWebClientTest, An_answer_of_any_status_is_one_and_redirects_are_not_followed) {
    EXPECT_EQ(ask({.url = "/nothing"})->status, 404);
    const auto away = ask({.url = "/away"});
    EXPECT_EQ(away->status, 302);
    EXPECT_THAT(away->body, Not(HasSubstr("GET")));
}

TEST_F(CurlWebClientTest, What_is_too_large_is_an_error) {
    EXPECT_EQ(ask({.url = "/large"}).error().code, ErrorCode::too_large);
}

TEST_F(CurlWebClientTest, Who_is_not_there_is_unavailable_and_no_secret_is_told) {
    const auto refused = test::run(client.ask({.url = "http://127.0.0.1:1/x?code=hush", .bearer = "hush"}));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_EQ(refused.error().message, "127.0.0.1:1 could not be reached.");
    EXPECT_THAT(refused.error().detail, Not(HasSubstr("hush")));
    EXPECT_NE(refused.error().detail, "");
}

TEST_F(CurlWebClientTest, What_may_not_be_asked_is_not) {
    for (const auto* url : {"http://login.example/", "file:///etc/passwd", "gopher://127.0.0.1/"})
        EXPECT_EQ(test::run(client.ask({.url = url})).error().code, ErrorCode::invalid) << url;
}

}  // namespace
}  // namespace movio
