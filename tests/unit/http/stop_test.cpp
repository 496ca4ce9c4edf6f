#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/http/http_support.hpp"

namespace movio::http::test {
namespace {

using namespace std::chrono_literals;

TEST(Stop, Request_in_flight_is_answered_and_idle_connections_close) {
    TestServer test;
    RawClient idle(test.port());
    EXPECT_EQ(idle.ask(request_text("GET", "/hello")).status, 200);
    RawClient busy(test.port());
    busy.send(request_text("GET", "/slow/400"));
    std::this_thread::sleep_for(100ms);
    const auto began = std::chrono::steady_clock::now();
    std::thread stopping([&] { test.server().stop(); });
    const auto answer = busy.receive();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_TRUE(idle.is_closed_within(1s));
    stopping.join();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
}

TEST(Stop, Requests_that_outlive_the_grace_are_cut_off) {
    TestServer test([](ServerOptions& options, Router&) { options.shutdown_grace = 200ms; });
    RawClient endless(test.port());
    endless.send(request_text("GET", "/slow/600000"));
    RawClient uploading(test.port());
    uploading.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
    test.write_file("large", std::string(64 << 20, 'x'));
    RawClient slow(test.port());
    slow.set_receive_buffer(4096);
    slow.send(request_text("GET", "/file/large"));
    std::this_thread::sleep_for(100ms);
    const auto began = std::chrono::steady_clock::now();
    test.server().stop();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
    EXPECT_EQ(test.server().connections(), 0U);
    EXPECT_EQ(endless.receive().status, 0);
}

TEST(Stop, New_connections_are_refused_and_a_second_stop_does_nothing) {
    TestServer test;
    const auto port = test.port();
    test.server().stop();
    test.server().stop();
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_NE(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::close(socket);
}

TEST(Stop, Under_load_every_answer_is_whole_or_absent) {
    for (int round = 0; round < 10; ++round) {
        TestServer test;
        std::vector<std::jthread> clients;
        for (int i = 0; i < 8; ++i)
            clients.emplace_back([port = test.port()] {
                RawClient client(port);
                for (;;) {
                    const auto answer = client.ask(request_text("GET", "/big"));
                    if (answer.status == 0) return;
                    ASSERT_EQ(answer.body.size(), 100'002U);
                }
            });
        std::this_thread::sleep_for(20ms);
        test.server().stop();
        EXPECT_EQ(test.server().connections(), 0U);
    }
}

}  // namespace
}  // namespace movio::http::test
