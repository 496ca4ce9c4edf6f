#include <algorithm>
#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/metrics.hpp"
#include "unit/http/http_support.hpp"

namespace movio::http::test {
namespace {

using ::testing::HasSubstr;

TEST(Server, Get_answers_with_length_date_and_request_id) {
    TestServer test;
    RawClient client(test.port());
    const auto answer = client.ask(request_text("GET", "/hello?name=Ana%20B"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"hello":"Ana B"})");
    EXPECT_EQ(answer.header("content-type"), "application/json");
    EXPECT_THAT(answer.header("date"), HasSubstr(" GMT"));
    EXPECT_EQ(answer.header("x-request-id").size(), 36U);
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
    EXPECT_FALSE(answer.headers.has("connection"));
}

TEST(Server, Request_id_of_the_client_is_kept_when_valid) {
    TestServer test;
    RawClient client(test.port());
    EXPECT_EQ(client.ask(request_text("GET", "/hello", "X-Request-Id: upload-42\r\n")).header("x-request-id"),
              "upload-42");
    EXPECT_EQ(
        client.ask(request_text("GET", "/hello", "X-Request-Id: a b\"c{}12345\r\n")).header("x-request-id").size(),
        36U);
}

TEST(Server, Head_has_the_fields_of_get_and_no_body) {
    TestServer test;
    RawClient client(test.port());
    const auto answer = client.ask(request_text("HEAD", "/hello"), true);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("content-length"), "17");
    EXPECT_EQ(client.ask(request_text("GET", "/hello")).body.size(), 17U);
}

TEST(Server, Unknown_path_is_404_and_other_method_405_with_allow) {
    TestServer test;
    RawClient client(test.port());
    const auto missing = client.ask(request_text("GET", "/nothing"));
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(missing.header("content-type"), "application/problem+json");
    const auto problem = JsonView::parse(missing.body);
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->text_or("type", ""), "/doc/problems/not-found");
    EXPECT_EQ(problem->text_or("instance", ""), missing.header("x-request-id"));
    EXPECT_EQ(problem->integer_or("status", 0), 404);
    const auto wrong = client.ask(request_text("DELETE", "/hello"));
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.header("allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(client.ask(request_text("BREW", "/hello")).status, 405);
}

TEST(Server, Pipelined_requests_are_answered_in_order) {
    TestServer test;
    RawClient client(test.port());
    std::string all;
    for (int i = 0; i < 100; ++i) {
        if (i % 3 == 0)
            all += request_text("POST", "/echo", {}, "body " + std::to_string(i));
        else
            all += request_text("GET", "/hello?name=" + std::to_string(i));
    }
    client.send(all);
    for (int i = 0; i < 100; ++i) {
        const auto answer = client.receive();
        ASSERT_EQ(answer.status, 200);
        ASSERT_THAT(answer.body, HasSubstr(i % 3 == 0 ? "body " + std::to_string(i) : "\"" + std::to_string(i) + "\""));
    }
}

TEST(Server, Ten_thousand_requests_use_one_connection) {
    TestServer test;
    RawClient client(test.port());
    for (int i = 0; i < 10'000; ++i) ASSERT_EQ(client.ask(request_text("GET", "/hello")).status, 200) << i;
    EXPECT_EQ(test.server().connections(), 1U);
}

TEST(Server, Connection_close_and_http_1_0_end_the_connection) {
    TestServer test;
    RawClient closing(test.port());
    const auto answer = closing.ask(request_text("GET", "/hello", "Connection: close\r\n"));
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_TRUE(closing.is_closed_within(std::chrono::seconds(2)));
    RawClient old(test.port());
    EXPECT_EQ(old.ask("GET /hello HTTP/1.0\r\n\r\n").header("connection"), "close");
    EXPECT_TRUE(old.is_closed_within(std::chrono::seconds(2)));
    RawClient keeping(test.port());
    EXPECT_EQ(keeping.ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("connection"), "keep-alive");
    EXPECT_EQ(keeping.ask(request_text("GET", "/hello")).status, 200);
}

TEST(Server, Exceptions_become_problems_and_the_connection_goes_on) {
    TestServer test;
    RawClient client(test.port());
    const auto full = client.ask(request_text("GET", "/throw/full"));
    EXPECT_EQ(full.status, 503);
    EXPECT_TRUE(full.headers.has("retry-after"));
    const auto outage = client.ask(request_text("GET", "/throw/outage"));
    EXPECT_EQ(outage.status, 503);
    EXPECT_THAT(outage.body, Not(HasSubstr("database")));
    EXPECT_EQ(client.ask(request_text("GET", "/throw/no-space")).status, 507);
    EXPECT_EQ(client.ask(request_text("GET", "/throw/bug")).status, 500);
    EXPECT_EQ(client.ask(request_text("GET", "/hello")).status, 200);
}

TEST(Server, Large_json_is_compressed_for_those_who_take_it) {
    TestServer test;
    RawClient client(test.port());
    const auto plain = client.ask(request_text("GET", "/big"));
    EXPECT_EQ(plain.body.size(), 100'002U);
    EXPECT_EQ(plain.header("vary"), "Accept-Encoding");
    const auto packed = client.ask(request_text("GET", "/big", "Accept-Encoding: br, gzip;q=0.8\r\n"));
    EXPECT_EQ(packed.header("content-encoding"), "gzip");
    EXPECT_LT(packed.body.size(), 1000U);
    EXPECT_FALSE(
        client.ask(request_text("GET", "/big", "Accept-Encoding: gzip;q=0\r\n")).headers.has("content-encoding"));
    EXPECT_FALSE(
        client.ask(request_text("GET", "/hello", "Accept-Encoding: gzip\r\n")).headers.has("content-encoding"));
}

TEST(Server, Connections_above_the_cap_get_503) {
    TestServer test([](ServerOptions& options, Router&) { options.connections_max = 2; });
    RawClient first(test.port());
    RawClient second(test.port());
    EXPECT_EQ(first.ask(request_text("GET", "/hello")).status, 200);
    EXPECT_EQ(second.ask(request_text("GET", "/hello")).status, 200);
    RawClient third(test.port());
    EXPECT_EQ(third.receive().status, 503);
    EXPECT_EQ(first.ask(request_text("GET", "/hello")).status, 200);
}

TEST(Server, Port_in_use_is_said) {
    TestServer test;
    EXPECT_THROW(TestServer([&](ServerOptions& options, Router&) { options.port = test.port(); }), Failure);
}

TEST(Server, Forwarded_fields_count_only_from_trusted_proxies) {
    const auto tell = [](ServerOptions&, Router& router) {
        add_route(router, Method::get, "/tell", [](Request& request) -> Awaitable<Response> {
            co_return text_response(200, "text/plain", request.context.remote_address + " " + request.context.base_url);
        });
    };
    const auto lines = "X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nX-Forwarded-Proto: https\r\n";
    TestServer open(tell);
    EXPECT_EQ(RawClient(open.port()).ask(request_text("GET", "/tell", lines)).body, "127.0.0.1 http://films.example");
    TestServer behind([&](ServerOptions& options, Router& router) {
        options.trusted_proxies = {"127.0.0.1"};
        tell(options, router);
    });
    EXPECT_EQ(RawClient(behind.port()).ask(request_text("GET", "/tell", lines)).body,
              "203.0.113.9 https://films.example");
}

// Tells every client how much it may still ask.
class BudgetGate final : public Gate {
public:
    GateOrder order() const override { return GateOrder::rate; }
    Awaitable<std::optional<Response>> check(const RequestHead&, const EndpointDescription&,
                                             RequestContext& context) override {
        context.answer_headers.set("RateLimit", "\"api\";r=49;t=60");
        co_return std::nullopt;
    }
};

TEST(Server, What_a_gate_adds_is_on_every_answer) {
    std::vector<std::unique_ptr<Gate>> gates;
    gates.push_back(std::make_unique<BudgetGate>());
    TestServer test({}, std::move(gates));
    RawClient client(test.port());
    EXPECT_THAT(client.ask(request_text("GET", "/hello")).header("ratelimit"), HasSubstr("r=49"));
    EXPECT_THAT(client.ask(request_text("GET", "/throw/bug")).header("ratelimit"), HasSubstr("r=49"));
    EXPECT_THAT(client.ask(request_text("GET", "/file/none")).header("ratelimit"), HasSubstr("r=49"));
}

TEST(Server, Access_log_has_a_line_for_each_request_and_hides_secrets) {
    ::testing::internal::CaptureStderr();
    {
        TestServer test([](ServerOptions& options, Router& router) {
            options.access_log = LogLevel::info;
            add_route(
                router, Method::get, "/media/{access}/{key...}",
                [](Request&) -> Awaitable<Response> { co_return text_response(200, "text/plain", "abc"); },
                [](EndpointDescription& description) { description.hidden_in_log = "access"; });
        });
        RawClient client(test.port());
        client.ask(request_text("GET", "/media/t-99-secret/film/1.m4s", "X-Request-Id: upload-42\r\n"));
        client.ask(request_text("GET", "/media/t-99-%73ecret/film/1.m4s"));
        client.ask(request_text("GET", "/media/%742-secret/film/2.m4s"));
        client.ask(request_text("POST", "/media/t-99-secret/film/3.m4s"));
        client.ask(request_text("OPTIONS", "/media/t-99-secret/film/4.m4s", "Access-Control-Request-Method: GET\r\n"));
        client.ask("NONSENSE\r\n\r\n");
    }
    const auto text = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(text, HasSubstr(R"("request_id":"upload-42")"));
    EXPECT_THAT(text, HasSubstr(R"("path":"/media/-/film/1.m4s","route":"/media/{access}/{key...}","status":200)"));
    EXPECT_THAT(text, HasSubstr(R"("status":400)"));
    EXPECT_THAT(text, Not(HasSubstr("secret")));
    for (const char* path : {"/media/-/film/2.m4s", "/media/-/film/3.m4s", "/media/-/film/4.m4s"})
        EXPECT_THAT(text, HasSubstr(path));
    EXPECT_EQ(std::ranges::count(text, '\n'), 6);
}

TEST(Server, Access_log_hides_the_first_part_of_a_rest_that_is_a_secret) {
    ::testing::internal::CaptureStderr();
    {
        TestServer test([](ServerOptions& options, Router& router) {
            options.access_log = LogLevel::info;
            add_route(
                router, Method::get, "/media/{path...}",
                [](Request&) -> Awaitable<Response> { co_return text_response(200, "text/plain", "abc"); },
                [](EndpointDescription& description) { description.hidden_in_log = "path"; });
        });
        RawClient client(test.port());
        client.ask(request_text("GET", "/media/t-99-secret/film/1.m4s"));
        client.ask(request_text("GET", "/media/t-99-secret%2Fa/film/2.m4s"));
        client.ask(request_text("GET", "/media/t-99-secret"));
    }
    const auto text = ::testing::internal::GetCapturedStderr();
    for (const char* path :
         {R"("path":"/media/-/film/1.m4s")", R"("path":"/media/-/film/2.m4s")", R"("path":"/media/-")"})
        EXPECT_THAT(text, HasSubstr(path));
    EXPECT_THAT(text, Not(HasSubstr("secret")));
}

TEST(Server, Options_for_the_whole_server_is_answered) {
    TestServer test([](ServerOptions&, Router& router) {
        add_route(router, Method::get, "/", [](Request&) -> Awaitable<Response> { co_return no_content(); });
    });
    const auto answer = RawClient(test.port()).ask("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.header("allow"), "GET, HEAD, OPTIONS");
}

TEST(Server, Requests_are_counted_by_route_and_status_class) {
    TestServer test([](ServerOptions&, Router& router) {
        add_route(router, Method::get, "/counted/{id}",
                  [](Request&) -> Awaitable<Response> { co_return no_content(); });
    });
    RawClient client(test.port());
    for (int i = 0; i < 3; ++i) client.ask(request_text("GET", "/counted/" + std::to_string(i)));
    client.ask(request_text("GET", "/hello"));
    const auto text = metrics_text();
    EXPECT_THAT(text, HasSubstr(R"(movio_http_requests_total{method="GET",route="/counted/{id}",status="2xx"} 3)"));
    EXPECT_THAT(text, HasSubstr("movio_http_request_seconds_bucket"));
}

}  // namespace
}  // namespace movio::http::test
