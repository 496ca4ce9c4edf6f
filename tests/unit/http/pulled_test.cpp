#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "async/timing.hpp"
#include "unit/http/http_support.hpp"

namespace movio::http::test {
namespace {

using namespace std::chrono_literals;

// As many pieces as it is told to make; then the end, or a fault.
struct Pieces {
    int wanted = 0;
    bool fails = false;
    std::atomic<int> made = 0;

    Awaitable<std::string> next() {
        co_await sleep_for(1ms);
        if (made == wanted && fails) throw Failure("the database does not answer");
        if (made == wanted) co_return std::string();
        co_return std::string(17, static_cast<char>('a' + made++ % 26));
    }
    Awaitable<Response> answer() {
        Response response;
        response.headers.set("Content-Type", "application/json");
        response.body = PulledBody{[this] { return next(); }};
        co_return response;
    }
    TestServer::Adjust route() {
        return [this](ServerOptions&, Router& router) {
            add_route(router, Method::get, "/pulled", [this](Request&) { return answer(); });
        };
    }
};

std::string everything(RawClient& client) {
    return client.receive_until([](const std::string&) { return false; });
}

TEST(PulledBody, Goes_out_in_chunks_with_an_end) {
    Pieces pieces{.wanted = 2};
    const TestServer server(pieces.route());
    RawClient client(server.port());
    client.send(request_text("GET", "/pulled"));
    const auto answer = everything(client);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer;
    EXPECT_TRUE(answer.contains("\r\nTransfer-Encoding: chunked\r\n"));
    EXPECT_FALSE(answer.contains("Content-Length"));
    EXPECT_TRUE(answer.ends_with("\r\n\r\n11\r\naaaaaaaaaaaaaaaaa\r\n11\r\nbbbbbbbbbbbbbbbbb\r\n0\r\n\r\n")) << answer;
}

TEST(PulledBody, Goes_to_old_clients_as_it_is) {
    Pieces pieces{.wanted = 1};
    const TestServer server(pieces.route());
    RawClient client(server.port());
    client.send("GET /pulled HTTP/1.0\r\n\r\n");
    const auto answer = everything(client);
    EXPECT_FALSE(answer.contains("Transfer-Encoding"));
    EXPECT_TRUE(answer.ends_with("\r\n\r\naaaaaaaaaaaaaaaaa")) << answer;
}

TEST(PulledBody, Has_no_end_where_it_is_broken_off) {
    Pieces pieces{.wanted = 1, .fails = true};
    const TestServer server(pieces.route());
    RawClient client(server.port());
    client.send(request_text("GET", "/pulled"));
    const auto answer = everything(client);
    EXPECT_TRUE(answer.ends_with("11\r\naaaaaaaaaaaaaaaaa\r\n")) << answer;
}

TEST(PulledBody, Is_not_made_for_head) {
    Pieces pieces{.wanted = 1};
    const TestServer server(pieces.route());
    RawClient client(server.port());
    client.send(request_text("HEAD", "/pulled"));
    EXPECT_TRUE(everything(client).ends_with("\r\n\r\n"));
    EXPECT_EQ(pieces.made, 0);
}

TEST(PulledBody, Is_not_made_for_a_client_that_left) {
    Pieces pieces{.wanted = 1'000'000};
    const TestServer server(pieces.route());
    {
        RawClient client(server.port());
        client.send(request_text("GET", "/pulled"));
        client.receive_until([](const std::string& seen) { return seen.contains("ccc"); });
    }
    std::this_thread::sleep_for(200ms);
    const int made = pieces.made;
    std::this_thread::sleep_for(200ms);
    EXPECT_EQ(pieces.made, made) << "the client has left";
}

}  // namespace
}  // namespace movio::http::test
