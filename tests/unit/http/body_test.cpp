#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/http/http_support.hpp"

namespace movio::http::test {
namespace {

using namespace std::chrono_literals;

TEST(Body, Whole_and_chunked_bodies_arrive) {
    TestServer test;
    RawClient client(test.port());
    const std::string large(700'000, 'z');
    EXPECT_EQ(client.ask(request_text("POST", "/echo", {}, large)).body, large);
    EXPECT_EQ(
        client
            .ask(
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
            .body,
        "hello world");
    EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").status, 200);
    EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
}

TEST(Body, Broken_chunks_get_400_and_the_connection_closes) {
    TestServer test;
    RawClient client(test.port());
    const auto answer =
        client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n");
    EXPECT_EQ(answer.status, 400);
    EXPECT_TRUE(client.is_closed_within(3s));
}

TEST(Body, Endless_chunk_line_gets_400) {
    TestServer test;
    RawClient client(test.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;" + std::string(32 << 10, 'x'));
    EXPECT_EQ(client.receive().status, 400);
}

TEST(Body, Announced_length_is_refused_from_the_head) {
    TestServer test;
    RawClient client(test.port());
    // 5 GiB are announced and none of them is sent.
    const auto answer =
        client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5368709120\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_TRUE(client.is_closed_within(3s));
}

TEST(Body, Refusal_reaches_a_client_that_is_still_sending) {
    TestServer test;
    RawClient client(test.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5368709120\r\n\r\n");
    const std::string piece(64 << 10, 'x');
    for (int i = 0; i < 64; ++i)
        if (!client.send(piece)) break;
    EXPECT_EQ(client.receive().status, 413);
}

TEST(Body, Chunked_body_above_the_limit_gets_413) {
    TestServer test;
    RawClient client(test.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string piece = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
    for (int i = 0; i < 20; ++i)
        if (!client.send(piece)) break;
    EXPECT_EQ(client.receive().status, 413);
}

TEST(Body, Continue_is_sent_only_when_the_endpoint_reads) {
    TestServer test;
    RawClient client(test.port());
    const std::string lines = "Expect: 100-continue\r\nContent-Length: 5\r\n";
    client.send(request_text("POST", "/echo", lines));
    EXPECT_EQ(client.receive().status, 100);
    client.send("hello");
    EXPECT_EQ(client.receive().body, "hello");
    const auto ignored = client.ask(request_text("POST", "/ignore", lines));
    EXPECT_EQ(ignored.status, 204);
    EXPECT_EQ(ignored.header("connection"), "close");
}

TEST(Body, Unread_small_body_does_not_become_the_next_request) {
    TestServer test;
    RawClient client(test.port());
    const auto smuggled = request_text("GET", "/file/secret");
    client.send(request_text("POST", "/ignore", {}, smuggled) + request_text("GET", "/hello"));
    EXPECT_EQ(client.receive().status, 204);
    EXPECT_THAT(client.receive().body, testing::HasSubstr("hello"));
    client.send("POST /nothing HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" +
                request_text("GET", "/hello"));
    EXPECT_EQ(client.receive().status, 404);
    EXPECT_THAT(client.receive().body, testing::HasSubstr("hello"));
}

TEST(Body, Client_that_leaves_in_the_middle_frees_the_connection) {
    TestServer test;
    for (int i = 0; i < 20; ++i) {
        RawClient client(test.port());
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc");
        if (i % 2 == 0)
            client.vanish();
        else
            client.end_writing();
    }
    for (int i = 0; i < 200 && test.server().connections() > 0; ++i) std::this_thread::sleep_for(10ms);
    EXPECT_EQ(test.server().connections(), 0U);
}

}  // namespace
}  // namespace movio::http::test
