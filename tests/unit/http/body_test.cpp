#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/metrics.hpp"
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

class RefusingGate final : public Gate {
public:
    GateOrder order() const override { return GateOrder::token; }
    Awaitable<std::optional<Response>> check(const RequestHead&, const EndpointDescription& endpoint,
                                             RequestContext& context) override {
        co_return refuse(endpoint, Error{ErrorCode::unauthorized, "Log in first.", {}}, context);
    }
};

std::int64_t received_bytes() {
    const auto text = metrics_text();
    constexpr std::string_view kName = "\nmovio_http_received_bytes_total ";
    const auto at = text.find(kName);
    return at == std::string::npos ? 0 : std::stoll(text.substr(at + kName.size()));
}

TEST(Body, Refused_from_the_head_at_most_a_mebibyte_is_read) {
    std::vector<std::unique_ptr<Gate>> gates;
    gates.push_back(std::make_unique<RefusingGate>());
    TestServer test({}, std::move(gates));
    const auto before = received_bytes();
    const auto began = std::chrono::steady_clock::now();
    RawClient client(test.port());
    const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5368709120\r\n\r\n";
    client.send(head);
    std::atomic<std::int64_t> sent = 0;
    // Pushes on without listening, as a simple client does, until it is cut off.
    std::jthread pusher([&] {
        const std::string piece(64 << 10, 'x');
        while (sent < (1LL << 30) && client.send(piece)) sent += static_cast<std::int64_t>(piece.size());
    });
    EXPECT_EQ(client.receive().status, 401);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 500ms);
    pusher.join();
    EXPECT_GT(std::chrono::steady_clock::now() - began, 1s) << "closed before a slow client has its answer";
    EXPECT_LT(sent, 1LL << 30) << "the client never had to wait";
    const auto end = std::chrono::steady_clock::now() + 5s;
    while (test.server().connections() > 0 && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(5ms);
    const auto received = received_bytes() - before - static_cast<std::int64_t>(head.size());
    // And what came with the head.
    EXPECT_LE(received, (1 << 20) + (16 << 10));
    EXPECT_GE(received, 512 << 10);
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
