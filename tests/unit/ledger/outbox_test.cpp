#include "ledger/outbox.hpp"

#include <set>

#include "async/timing.hpp"
#include "fixture.hpp"
#include "ledger/inbox.hpp"

namespace movio::ledger {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// Takes what it is given, but for the types it is told to refuse.
class FakeEventBus final : public EventBus {
public:
    Awaitable<void> publish(Event event) override {
        co_await sleep_for(0ms);
        ++tried[event.type];
        if (refused.contains(event.type)) throw Failure("refused");
        taken.push_back(event.type);
    }
    void publish_transient(Event) override {}
    void subscribe(std::string, std::vector<std::string>, asio::any_io_executor, Handler) override {}

    std::set<std::string> refused;
    std::map<std::string, int> tried;
    std::vector<std::string> taken;
};

class OutboxTest : public LedgerTest {
protected:
    void TearDown() override { stop(); }

    void start() {
        // Long polls: what happens soon happens by the wake-up of the commit.
        pump_.emplace(database_, outbox_, bus_, loop_.executor(),
                      OutboxPumpOptions{.poll_every = 10min, .retry_first = 5ms, .retry_max = 40ms});
        pump_->start();
    }
    void stop() {
        if (pump_) loop_.run(pump_->stop());
        pump_.reset();
    }
    void append(std::string type, VideoId video = {}) {
        write([&](SqlSession& session) { outbox_.append(session, {.type = type, .video = video}); });
    }
    template <class Condition>
    void wait_until(const Condition& condition) {
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (!condition() && std::chrono::steady_clock::now() < end) loop_.run(sleep_for(1ms));
        ASSERT_TRUE(condition());
    }
    std::int64_t rows(std::string where) {
        return write([&](SqlSession& session) {
            return session.run("SELECT COUNT(*) FROM outbox WHERE " + where).rows[0].integer(0);
        });
    }

    FakeEventBus bus_;
    Outbox outbox_;
    std::optional<OutboxPump> pump_;
};

TEST_F(OutboxTest, Committed_event_is_sent_once_and_marked) {
    start();
    append("a");
    wait_until([&] { return rows("sent_us IS NOT NULL") == 1; });
    append("b");
    wait_until([&] { return rows("sent_us IS NOT NULL") == 2; });
    EXPECT_THAT(bus_.taken, ElementsAre("a", "b"));
}

TEST_F(OutboxTest, Rolled_back_event_is_never_sent) {
    start();
    const auto body = [&](SqlSession& session) {
        outbox_.append(session, {.type = "ghost"});
        throw Failure("no");
    };
    EXPECT_THROW(write(body), Failure);
    append("a");
    wait_until([&] { return !bus_.taken.empty(); });
    EXPECT_THAT(bus_.taken, ElementsAre("a"));
}

TEST_F(OutboxTest, Event_gets_an_id_and_the_time_of_the_database) {
    append("a");
    const auto body = write([](SqlSession& session) { return session.run("SELECT body FROM outbox").rows[0].text(0); });
    const auto event = event_from_json(body).value();
    EXPECT_FALSE(event.id.is_nil());
    EXPECT_EQ(event.time_us, now_us_);
}

TEST_F(OutboxTest, What_was_left_unsent_is_sent_after_a_restart_in_order) {
    for (const char* type : {"a", "b", "c"}) append(type);
    start();
    wait_until([&] { return bus_.taken.size() == 3; });
    EXPECT_THAT(bus_.taken, ElementsAre("a", "b", "c"));
}

TEST_F(OutboxTest, Refused_event_holds_up_its_own_video_alone_and_is_tried_again) {
    const auto film = VideoId::make(), other = VideoId::make();
    bus_.refused = {"first"};
    append("first", film);
    append("second", film);
    append("elsewhere", other);
    append("nobody's");
    start();
    wait_until([&] { return bus_.tried["first"] >= 3; });
    EXPECT_THAT(bus_.taken, ElementsAre("elsewhere", "nobody's"));
    EXPECT_EQ(bus_.tried["second"], 0);
    bus_.refused.clear();
    wait_until([&] { return bus_.taken.size() == 4; });
    EXPECT_THAT(bus_.taken, ElementsAre("elsewhere", "nobody's", "first", "second"));
    wait_until([&] { return rows("sent_us IS NULL") == 0; });
}

TEST_F(OutboxTest, Refused_event_without_a_video_holds_up_nothing) {
    bus_.refused = {"a"};
    append("a");
    append("b");
    start();
    wait_until([&] { return !bus_.taken.empty(); });
    EXPECT_THAT(bus_.taken, ElementsAre("b"));
}

TEST_F(OutboxTest, Sent_events_are_forgotten_after_their_days_and_unsent_ones_never) {
    start();
    append("old");
    wait_until([&] { return rows("sent_us IS NOT NULL") == 1; });
    stop();
    bus_.refused = {"stuck"};
    append("stuck");
    pass(24h * 8);
    append("young");
    start();
    wait_until([&] { return rows("type = 'old'") == 0; });
    EXPECT_EQ(rows("type = 'stuck'"), 1);
    EXPECT_EQ(rows("type = 'young'"), 1);
}

TEST_F(OutboxTest, Stop_leaves_what_is_not_sent_for_the_next_start) {
    bus_.refused = {"a"};
    append("a");
    start();
    wait_until([&] { return bus_.tried["a"] > 0; });
    stop();
    EXPECT_EQ(rows("sent_us IS NULL"), 1);
}

TEST_F(OutboxTest, Warning_about_a_refused_event_names_its_video) {
    const auto video = VideoId::make();
    bus_.refused = {"a"};
    append("a", video);
    ::testing::internal::CaptureStderr();
    start();
    wait_until([&] { return bus_.tried["a"] > 0; });
    stop();
    EXPECT_THAT(::testing::internal::GetCapturedStderr(), testing::HasSubstr(video.text()));
}

TEST_F(OutboxTest, Inbox_lets_an_event_in_once) {
    const auto event = EventId::make(), other = EventId::make();
    const auto take = [&](EventId id) {
        return write([&](SqlSession& session) { return Inbox::first_time(session, id); });
    };
    EXPECT_TRUE(take(event));
    EXPECT_FALSE(take(event));
    EXPECT_TRUE(take(other));
}

TEST_F(OutboxTest, Inbox_forgets_an_event_whose_effect_was_rolled_back) {
    const auto event = EventId::make();
    const auto fails = [&](SqlSession& session) {
        EXPECT_TRUE(Inbox::first_time(session, event));
        throw Failure("no");
    };
    EXPECT_THROW(write(fails), Failure);
    EXPECT_TRUE(write([&](SqlSession& session) { return Inbox::first_time(session, event); }));
}

TEST_F(OutboxTest, Inbox_is_purged_by_age) {
    const auto old = EventId::make(), young = EventId::make();
    const auto take = [&](EventId id) {
        return write([&](SqlSession& session) { return Inbox::first_time(session, id); });
    };
    take(old);
    pass(25h);
    take(young);
    EXPECT_EQ(run(Inbox::purge(database_, 24h)), 1);
    EXPECT_FALSE(take(young));
}

}  // namespace
}  // namespace movio::ledger
