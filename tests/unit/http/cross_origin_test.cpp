#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/http/http_support.hpp"

namespace movio::http::test {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kPreflight =
    "Origin: https://player.example\r\nAccess-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: range\r\n";

TestServer::Adjust with_origins(std::vector<std::string> origins) {
    return [origins = std::move(origins)](ServerOptions& options, Router&) { options.api_origins = origins; };
}

TEST(CrossOrigin, Media_is_for_everyone) {
    TestServer test;
    test.write_file("film", "x");
    RawClient client(test.port());
    EXPECT_EQ(client.ask(request_text("GET", "/file/film", "Origin: null\r\n")).header("access-control-allow-origin"),
              "*");
    EXPECT_EQ(client.ask(request_text("GET", "/file/none", "Origin: null\r\n")).header("access-control-allow-origin"),
              "*");
    const auto preflight = client.ask(request_text("OPTIONS", "/file/film", kPreflight));
    EXPECT_EQ(preflight.status, 204);
    EXPECT_EQ(preflight.header("access-control-allow-origin"), "*");
    EXPECT_EQ(preflight.header("access-control-allow-headers"), "range");
    EXPECT_THAT(preflight.header("access-control-allow-methods"), HasSubstr("GET"));
    EXPECT_EQ(preflight.header("allow"), "GET, HEAD, OPTIONS");
}

TEST(CrossOrigin, Api_is_closed_unless_settings_open_it) {
    TestServer test;
    RawClient client(test.port());
    EXPECT_FALSE(client.ask(request_text("GET", "/hello", "Origin: https://player.example\r\n"))
                     .headers.has("access-control-allow-origin"));
    EXPECT_FALSE(client.ask(request_text("OPTIONS", "/hello", kPreflight)).headers.has("access-control-allow-origin"));
}

TEST(CrossOrigin, Api_names_a_listed_origin_and_allows_cookies) {
    TestServer test(with_origins({"https://player.example"}));
    RawClient client(test.port());
    const auto listed = client.ask(request_text("GET", "/hello", "Origin: https://player.example\r\n"));
    EXPECT_EQ(listed.header("access-control-allow-origin"), "https://player.example");
    EXPECT_EQ(listed.header("access-control-allow-credentials"), "true");
    EXPECT_EQ(listed.header("vary"), "Origin");
    const auto other = client.ask(request_text("GET", "/hello", "Origin: https://evil.example\r\n"));
    EXPECT_FALSE(other.headers.has("access-control-allow-origin"));
    EXPECT_EQ(other.header("vary"), "Origin");
    EXPECT_EQ(client.ask(request_text("OPTIONS", "/hello", kPreflight)).header("access-control-allow-origin"),
              "https://player.example");
}

TEST(CrossOrigin, Preflight_is_answered_also_where_an_endpoint_takes_options) {
    TestServer test([](ServerOptions& options, Router& router) {
        options.api_origins = {"https://player.example"};
        add_route(router, Method::options, "/uploads", [](Request&) -> Awaitable<Response> {
            auto response = no_content();
            response.headers.set("Tus-Version", "1.0.0");
            co_return response;
        });
        add_route(router, Method::post, "/uploads", [](Request&) -> Awaitable<Response> { co_return no_content(); });
    });
    RawClient client(test.port());
    EXPECT_EQ(client.ask(request_text("OPTIONS", "/uploads")).header("tus-version"), "1.0.0");
    const auto preflight =
        client.ask(request_text("OPTIONS", "/uploads",
                                "Origin: https://player.example\r\nAccess-Control-Request-Method: POST\r\n"
                                "Access-Control-Request-Headers: tus-resumable,upload-length\r\n"));
    EXPECT_EQ(preflight.header("access-control-allow-origin"), "https://player.example");
    EXPECT_EQ(preflight.header("access-control-allow-headers"), "tus-resumable,upload-length");
    EXPECT_EQ(preflight.header("access-control-allow-methods"), "POST, OPTIONS");
}

TEST(CrossOrigin, Star_gives_the_api_to_all_without_cookies) {
    TestServer test(with_origins({"*"}));
    const auto answer = RawClient(test.port()).ask(request_text("GET", "/hello", "Origin: https://any.example\r\n"));
    EXPECT_EQ(answer.header("access-control-allow-origin"), "*");
    EXPECT_FALSE(answer.headers.has("access-control-allow-credentials"));
}

}  // namespace
}  // namespace movio::http::test
