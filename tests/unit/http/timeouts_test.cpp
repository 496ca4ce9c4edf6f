#include <algorithm>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/http/http_support.hpp"

namespace movio::http::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TestServer::Adjust short_times() {
    return [](ServerOptions& options, Router&) {
        options.header_timeout = 200ms;
        options.body_idle_timeout = 200ms;
        options.body_bytes_min = 1;
        options.keep_alive_timeout = 200ms;
        options.write_timeout = 200ms;
        options.write_bytes_min = 1 << 20;
    };
}

TEST(Timeouts, Slow_header_gets_408_and_the_connection_closes) {
    TestServer test(short_times());
    RawClient client(test.port());
    client.send("GET /hello HTT");
    const auto answer = client.receive();
    EXPECT_EQ(answer.status, 408);
    EXPECT_TRUE(client.is_closed_within(2s));
}

TEST(Timeouts, Header_in_drops_is_not_given_more_time) {
    TestServer test(short_times());
    RawClient client(test.port());
    const auto began = std::chrono::steady_clock::now();
    for (const char c : std::string("GET /hello HTTP/1.1\r\nHost: films.example\r\n")) {
        if (!client.send({&c, 1})) break;
        std::this_thread::sleep_for(20ms);
        if (client.is_closed_within(0ms)) break;
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
    EXPECT_EQ(client.receive().status, 408);
}

TEST(Timeouts, Silent_and_idle_connections_close_without_a_word) {
    TestServer test(short_times());
    RawClient silent(test.port());
    EXPECT_TRUE(silent.is_closed_within(2s));
    RawClient idle(test.port());
    EXPECT_EQ(idle.ask(request_text("GET", "/hello")).status, 200);
    EXPECT_TRUE(idle.is_closed_within(2s));
}

TEST(Timeouts, Stalled_body_gets_408) {
    TestServer test(short_times());
    RawClient client(test.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
    const auto answer = client.receive();
    EXPECT_EQ(answer.status, 408);
    EXPECT_EQ(answer.header("connection"), "close");
    RawClient chunked(test.port());
    chunked.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
    EXPECT_EQ(chunked.receive().status, 408);
}

TEST(Timeouts, Slow_but_steady_body_is_taken) {
    TestServer test(short_times());
    RawClient client(test.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
    for (int i = 0; i < 10; ++i) {
        std::this_thread::sleep_for(60ms);
        client.send("x");
    }
    EXPECT_EQ(client.receive().body, "xxxxxxxxxx");
}

TestServer::Adjust at_least_a_thousand_bytes() {
    return [](ServerOptions& options, Router&) {
        options.body_idle_timeout = 400ms;
        options.body_bytes_min = 1000;
        options.tick = 20ms;
    };
}

TEST(Timeouts, Body_in_drops_is_cut_off) {
    TestServer test(at_least_a_thousand_bytes());
    const auto answer_amid_drops = [&](std::string_view head, std::string_view drop) {
        RawClient client(test.port());
        client.send(head);
        std::string answer;
        for (int i = 0; i < 200 && answer.empty() && client.send(drop); ++i)
            answer = client.receive_until([](const std::string& text) { return !text.empty(); }, 20ms);
        return answer;
    };
    EXPECT_THAT(answer_amid_drops("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n", "x"),
                HasSubstr("HTTP/1.1 408"));
    EXPECT_THAT(answer_amid_drops("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"),
                HasSubstr("HTTP/1.1 408"));
}

TEST(Timeouts, Body_at_the_least_pace_and_a_short_rest_are_taken) {
    TestServer test(at_least_a_thousand_bytes());
    RawClient client(test.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 6410\r\n\r\n");
    for (int i = 0; i < 8; ++i) {
        client.send(std::string(800, 'x'));
        std::this_thread::sleep_for(100ms);
    }
    client.send(std::string(10, 'y'));
    EXPECT_EQ(client.receive().body, std::string(6400, 'x') + std::string(10, 'y'));
}

TEST(Timeouts, Slow_endpoint_is_not_a_slow_client) {
    TestServer test(short_times());
    RawClient client(test.port());
    EXPECT_EQ(client.ask(request_text("GET", "/slow/600")).status, 200);
    EXPECT_EQ(client.ask(request_text("GET", "/hello")).status, 200);
}

TEST(Timeouts, Reader_without_progress_is_cut_off) {
    TestServer test(short_times());
    test.write_file("large", std::string(64 << 20, 'x'));
    RawClient client(test.port());
    client.set_receive_buffer(4096);
    client.send(request_text("GET", "/file/large"));
    std::size_t received = 0;
    for (int i = 0; i < 40; ++i) {
        received += client.receive_until([](const std::string& text) { return !text.empty(); }, 20ms).size();
        std::this_thread::sleep_for(50ms);
        if (test.server().connections() == 0) break;
    }
    EXPECT_EQ(test.server().connections(), 0U);
    EXPECT_LT(received, 64U << 20);
}

TEST(Timeouts, Reader_with_enough_progress_gets_all) {
    TestServer test([](ServerOptions& options, Router&) {
        options.write_timeout = 100ms;
        options.write_bytes_min = 1000;
    });
    test.write_file("large", std::string(8 << 20, 'x'));
    RawClient client(test.port());
    client.set_receive_buffer(64 << 10);
    client.send(request_text("GET", "/file/large"));
    std::size_t received = 0;
    for (int i = 0; i < 4000 && received < (8U << 20); ++i) {
        received += client.receive_until([](const std::string& text) { return !text.empty(); }, 1s).size();
        if (i % 8 == 0) std::this_thread::sleep_for(10ms);
    }
    EXPECT_GT(received, 8U << 20);
}

TEST(HeadLimits, Too_large_a_head_gets_431) {
    TestServer test;
    RawClient client(test.port());
    client.send("GET /hello HTTP/1.1\r\nHost: a\r\nX: " + std::string(limits::kHeaderBytesMax, 'x') + "\r\n\r\n");
    EXPECT_EQ(client.receive().status, 431);
    EXPECT_TRUE(client.is_closed_within(3s));
    RawClient many(test.port());
    std::string lines;
    for (int i = 0; i < 200; ++i) lines += "X: y\r\n";
    EXPECT_EQ(many.ask(request_text("GET", "/hello", lines)).status, 431);
}

TEST(HeadLimits, Too_long_an_address_gets_414) {
    TestServer test;
    RawClient client(test.port());
    EXPECT_EQ(client.ask(request_text("GET", "/file/" + std::string(9000, 'x'))).status, 414);
}

TEST(HeadLimits, Malformed_request_gets_400_and_nothing_after_it_is_served) {
    TestServer test;
    RawClient client(test.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
                request_text("GET", "/hello"));
    const auto answer = client.receive();
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_EQ(client.receive().status, 0);
}

}  // namespace
}  // namespace movio::http::test
