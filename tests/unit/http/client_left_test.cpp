#include <atomic>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "async/timing.hpp"
#include "unit/http/http_support.hpp"

namespace movio::http {
namespace {

using namespace std::chrono_literals;
using test::RawClient;
using test::request_text;

constexpr int kLooksMax = 400;

// Waits until its client has left or it is told to answer; what it saw.
struct Waits {
    struct Seen {
        std::atomic<int> looks{0};
        std::atomic<bool> left{false};
        std::atomic<bool> answer{false};
    };
    Seen* seen;
    Awaitable<Response> operator()(Request& request) const {
        for (; seen->looks < kLooksMax && !seen->answer && !seen->left; ++seen->looks) {
            co_await sleep_for(5ms);
            seen->left = request.body->client_left();
        }
        co_return text_response(200, "text/plain", "waited");
    }
};

class ClientLeft : public ::testing::Test {
protected:
    template <class Condition>
    static bool becomes(const Condition& condition) {
        for (int i = 0; i < kLooksMax && !condition(); ++i) std::this_thread::sleep_for(5ms);
        return condition();
    }

    Waits::Seen seen;
    test::TestServer server{
        [this](ServerOptions&, Router& router) { test::add_route(router, Method::get, "/wait", Waits{&seen}); }};
    RawClient client{server.port()};
};

TEST_F(ClientLeft, Client_that_vanishes_while_it_is_answered_is_noticed) {
    ASSERT_TRUE(client.send(request_text("GET", "/wait")));
    ASSERT_TRUE(becomes([this] { return seen.looks > 3; }));
    EXPECT_FALSE(seen.left);
    client.vanish();
    EXPECT_TRUE(becomes([this] { return seen.left.load(); }));
}

TEST_F(ClientLeft, Client_that_closes_its_side_is_noticed_whatever_it_sent_before) {
    ASSERT_TRUE(client.send(request_text("GET", "/wait") + request_text("GET", "/hello")));
    ASSERT_TRUE(becomes([this] { return seen.looks > 3; }));
    EXPECT_FALSE(seen.left) << "a request that waits its turn is no leaving";
    client.end_writing();
    EXPECT_TRUE(becomes([this] { return seen.left.load(); }));
}

TEST_F(ClientLeft, Client_that_waits_gets_its_answer) {
    ASSERT_TRUE(client.send(request_text("GET", "/wait")));
    ASSERT_TRUE(becomes([this] { return seen.looks > 3; }));
    seen.answer = true;
    EXPECT_EQ(client.receive().body, "waited");
    EXPECT_FALSE(seen.left);
}

}  // namespace
}  // namespace movio::http
