#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/timing.hpp"
#include "http/event_queue.hpp"
#include "unit/http/http_support.hpp"

namespace movio::http::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ServerEventText, Has_a_data_line_for_each_line) {
    EXPECT_EQ(to_text(ServerEvent{"progress", "a\nb\r\nc", "7"}),
              "id: 7\nevent: progress\ndata: a\ndata: b\ndata: c\n\n");
    EXPECT_EQ(to_text(ServerEvent{"", "x", ""}), "data: x\n\n");
    EXPECT_EQ(to_text(ServerEvent{"a\nretry: 1", "x", ""}), "event: aretry: 1\ndata: x\n\n");
}

Awaitable<Response> answer_with(EventStream stream) {
    Response response;
    response.body = std::move(stream);
    co_return response;
}

// Counts how many producers have begun and ended.
struct Producers {
    std::atomic<int> begun = 0;
    std::atomic<int> ended = 0;

    struct Count {
        Producers& producers;
        explicit Count(Producers& all) : producers(all) { ++producers.begun; }
        ~Count() { ++producers.ended; }
    };

    Awaitable<void> produce(EventSink& sink) {
        const Count count(*this);
        for (int i = 0;; ++i) {
            sink.send({"tick", std::to_string(i), ""});
            co_await sleep_for(5ms);
        }
    }

    TestServer::Adjust endless() {
        return [this](ServerOptions& options, Router& router) {
            options.shutdown_grace = 5s;
            add_route(router, Method::get, "/events", [this](Request&) {
                return answer_with({[this](EventSink& sink) { return produce(sink); }, 20ms});
            });
        };
    }
};

Awaitable<void> wait_and_mark(std::atomic<bool>& ended) {
    struct Mark {
        std::atomic<bool>& flag;
        ~Mark() { flag = true; }
    } const mark{ended};
    co_await sleep_for(1h);
}

Awaitable<void> flood(EventSink& sink, std::atomic<bool>& refused) {
    while (sink.send({"", std::string(100'000, 'x'), ""})) co_await sleep_for(1ms);
    refused = true;
}

bool eventually(const std::function<bool()>& condition) {
    for (int i = 0; i < 500; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

TEST(Events, Reach_the_client_as_they_are_made) {
    Producers producers;
    TestServer test(producers.endless());
    RawClient client(test.port());
    client.send(request_text("GET", "/events"));
    const auto text = client.receive_until([](const std::string& all) { return all.contains("data: 10\n"); });
    EXPECT_THAT(text, HasSubstr("Content-Type: text/event-stream"));
    EXPECT_THAT(text, HasSubstr("Cache-Control: no-store"));
    EXPECT_THAT(text, HasSubstr("event: tick\ndata: 0\n\nevent: tick\ndata: 1\n\n"));
}

TEST(Events, Producer_ends_when_the_client_leaves) {
    Producers producers;
    TestServer test(producers.endless());
    for (int i = 0; i < 10; ++i) {
        RawClient client(test.port());
        client.send(request_text("GET", "/events"));
        client.receive_until([](const std::string& all) { return all.contains("data: 1\n"); });
        if (i % 2 == 0) client.vanish();
    }
    EXPECT_TRUE(eventually([&] { return producers.ended == 10 && test.server().connections() == 0; }));
}

TEST(Events, Waiting_producer_ends_when_the_client_leaves) {
    std::atomic<bool> ended = false;
    TestServer test([&ended](ServerOptions&, Router& router) {
        add_route(router, Method::get, "/quiet",
                  [&ended](Request&) { return answer_with({[&ended](EventSink&) { return wait_and_mark(ended); }}); });
    });
    {
        RawClient client(test.port());
        client.send(request_text("GET", "/quiet"));
        client.receive_until([](const std::string& all) { return all.contains("\r\n\r\n"); });
        EXPECT_FALSE(ended);
    }
    EXPECT_TRUE(eventually([&] { return ended.load(); }));
}

TEST(Events, Heartbeat_goes_out_when_nothing_happens) {
    TestServer test([](ServerOptions&, Router& router) {
        add_route(router, Method::get, "/quiet", [](Request&) -> Awaitable<Response> {
            Response response;
            response.body = EventStream{[](EventSink&) -> Awaitable<void> { co_await sleep_for(300ms); }, 20ms};
            co_return response;
        });
    });
    RawClient client(test.port());
    const auto answer = client.ask(request_text("GET", "/quiet"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_THAT(answer.body, StartsWith(": \n\n: \n\n"));
}

TEST(Events, Stream_ends_with_its_producer_and_what_it_sent_last_arrives) {
    TestServer test([](ServerOptions&, Router& router) {
        add_route(router, Method::get, "/three", [](Request&) -> Awaitable<Response> {
            Response response;
            response.body = EventStream{[](EventSink& sink) -> Awaitable<void> {
                for (int i = 0; i < 3; ++i) sink.send({"", std::to_string(i), ""});
                co_return;
            }};
            co_return response;
        });
    });
    RawClient client(test.port());
    EXPECT_EQ(client.ask(request_text("GET", "/three")).body, "data: 0\n\ndata: 1\n\ndata: 2\n\n");
}

// Lets everybody in, and says what it is told to when asked again.
class LettingGate final : public Gate {
public:
    explicit LettingGate(std::function<bool()> still_counts) : still_counts_(std::move(still_counts)) {}
    GateOrder order() const override { return GateOrder::token; }
    Awaitable<std::optional<Response>> check(const RequestHead&, const EndpointDescription&,
                                             RequestContext& context) override {
        context.caller_counts = [this] { return counts(); };
        co_return std::nullopt;
    }

private:
    Awaitable<bool> counts() { co_return still_counts_(); }
    std::function<bool()> still_counts_;
};

std::vector<std::unique_ptr<Gate>> letting_in(std::function<bool()> still_counts) {
    std::vector<std::unique_ptr<Gate>> gates;
    gates.push_back(std::make_unique<LettingGate>(std::move(still_counts)));
    return gates;
}

TEST(Events, Stream_ends_when_its_caller_counts_no_more) {
    std::atomic<bool> ended = false;
    std::atomic<bool> counts = true;
    std::atomic<int> asked = 0;
    TestServer test(
        [&ended](ServerOptions&, Router& router) {
            add_route(router, Method::get, "/quiet", [&ended](Request&) {
                EventStream stream{[&ended](EventSink&) { return wait_and_mark(ended); }};
                stream.caller_checked_every = 10ms;
                return answer_with(std::move(stream));
            });
        },
        letting_in([&] {
            // That it cannot be found out is no reason to end.
            if (++asked == 2) throw Failure("the database does not answer");
            return counts.load();
        }));
    RawClient client(test.port());
    client.send(request_text("GET", "/quiet"));
    client.receive_until([](const std::string& all) { return all.contains("\r\n\r\n"); });
    EXPECT_TRUE(eventually([&] { return asked >= 5; }));
    EXPECT_FALSE(ended);
    counts = false;
    EXPECT_TRUE(client.is_closed_within(2s));
    EXPECT_TRUE(eventually([&] { return ended.load(); }));
}

TEST(Events, Failing_producer_ends_the_stream_only) {
    TestServer test([](ServerOptions&, Router& router) {
        add_route(router, Method::get, "/failing", [](Request&) -> Awaitable<Response> {
            Response response;
            response.body = EventStream{[](EventSink& sink) -> Awaitable<void> {
                sink.send({"", "x", ""});
                co_await sleep_for(1ms);
                throw Failure("the database does not answer");
            }};
            co_return response;
        });
    });
    EXPECT_EQ(RawClient(test.port()).ask(request_text("GET", "/failing")).body, "data: x\n\n");
    EXPECT_EQ(RawClient(test.port()).ask(request_text("GET", "/hello")).status, 200);
}

TEST(Events, Client_that_does_not_read_is_dropped) {
    std::atomic<bool> refused = false;
    TestServer test([&refused](ServerOptions&, Router& router) {
        add_route(router, Method::get, "/flood", [&refused](Request&) {
            return answer_with({[&refused](EventSink& sink) { return flood(sink, refused); }});
        });
    });
    RawClient client(test.port());
    client.set_receive_buffer(4096);
    client.send(request_text("GET", "/flood"));
    EXPECT_TRUE(eventually([&] { return refused.load(); }));
}

TEST(Events, Streams_end_at_once_when_the_server_stops) {
    Producers producers;
    TestServer test(producers.endless());
    RawClient client(test.port());
    client.send(request_text("GET", "/events"));
    client.receive_until([](const std::string& all) { return all.contains("data: 1\n"); });
    const auto began = std::chrono::steady_clock::now();
    test.server().stop();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
    EXPECT_EQ(producers.ended, 1);
}

}  // namespace
}  // namespace movio::http::test
