#include "ledger/outbox.hpp"

#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "async/task_group.hpp"
#include "async/timing.hpp"
#include "base/log.hpp"
#include "ledger/inbox.hpp"
#include "ledger/waker.hpp"

namespace movio::ledger {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::chrono::minutes kPurgeEvery{60};
constexpr std::int64_t kRowsPerPurge = 1000;

struct Unsent {
    std::string id;
    std::string body;
};

struct Pause {
    milliseconds length{0};
    Clock::time_point until;
};

}  // namespace

struct Outbox::State {
    std::mutex mutex;
    std::function<void()> wake;
};

Outbox::Outbox() : state_(std::make_shared<State>()) {}

void Outbox::append(SqlSession& session, Event event) const {
    if (event.id.is_nil()) event.id = EventId::make();
    if (event.time_us == 0) event.time_us = session.run("SELECT movio_now_us()").rows.at(0).integer(0);
    session.run("INSERT INTO outbox (id, type, body, created_us) VALUES ($1, $2, $3, movio_now_us())",
                {sql(event.id.text()), sql(event.type), sql(to_json(event))});
    session.after_commit([state = state_] {
        const std::scoped_lock lock(state->mutex);
        if (state->wake) state->wake();
    });
}

void Outbox::on_appended(std::function<void()> wake) {
    const std::scoped_lock lock(state_->mutex);
    state_->wake = std::move(wake);
}

struct OutboxPump::State {
    Database& database;
    Outbox& outbox;
    EventBus& bus;
    OutboxPumpOptions options;
    bool stopping = false;
    bool rung = false;
    std::unordered_map<EventId, Pause> refused;
    Signal wake;
    Waker waker;
    TaskGroup group;

    State(Database& from, Outbox& box, EventBus& to, asio::any_io_executor where, OutboxPumpOptions chosen)
        : database(from),
          outbox(box),
          bus(to),
          options(chosen),
          wake(where),
          waker(where,
                [this] {
                    rung = true;
                    wake.notify();
                }),
          group(where) {}

    Awaitable<std::vector<Unsent>> unsent() {
        auto body = [](SqlSession& session) {
            std::vector<Unsent> found;
            for (const auto& row : session
                                       .run("SELECT id, body FROM outbox WHERE sent_us IS NULL "
                                            "ORDER BY created_us, id LIMIT $1",
                                            {sql(static_cast<std::int64_t>(limits::kOutboxBatch))})
                                       .rows)
                found.push_back({row.text(0), row.text(1)});
            return found;
        };
        co_return co_await database.read(body);
    }

    Awaitable<void> mark_sent(std::vector<std::string> ids) {
        auto body = [&](SqlSession& session) {
            for (const auto& id : ids)
                session.run("UPDATE outbox SET sent_us = movio_now_us() WHERE id = $1 AND sent_us IS NULL", {sql(id)});
        };
        co_await database.write(body);
    }

    Awaitable<bool> publish(Event event) {
        const auto id = event.id;
        const auto type = event.type;
        const auto video = event.video;
        try {
            co_await bus.publish(std::move(event));
            refused.erase(id);
            co_return true;
        } catch (const std::exception& failure) {
            auto& pause = refused[id];
            pause.length =
                pause.length.count() == 0 ? options.retry_first : std::min(pause.length * 2, options.retry_max);
            pause.until = Clock::now() + pause.length;
            log_warn("an event was not taken", {{"video_id", video.is_nil() ? std::string() : video.text()},
                                                {"event_id", id.text()},
                                                {"type", type},
                                                {"again_in_ms", std::int64_t{pause.length.count()}},
                                                {"reason", std::string(failure.what())}});
        }
        co_return false;
    }

    bool must_wait(const Event& event) const {
        const auto found = refused.find(event.id);
        return found != refused.end() && found->second.until > Clock::now();
    }

    // One look at the outbox; how many events were sent.
    Awaitable<std::size_t> pass() {
        std::vector<std::string> sent;
        std::set<VideoId> held;  // an event of theirs was refused, so later ones wait for it
        const auto rows = co_await unsent();
        for (const auto& row : rows) {
            if (stopping) break;
            const auto event = event_from_json(row.body);
            if (!event) {
                log_error("an event of the outbox cannot be read and is left out",
                          {{"event_id", row.id}, {"reason", event.error().message}});
                sent.push_back(row.id);
                continue;
            }
            if (!event->video.is_nil() && held.contains(event->video)) continue;
            if (!must_wait(*event) && co_await publish(*event))
                sent.push_back(row.id);
            else
                held.insert(event->video);
        }
        if (!sent.empty()) co_await mark_sent(sent);
        co_return sent.size();
    }

    Awaitable<void> purge() {
        auto body = [this](SqlSession& session) {
            return session
                .run(
                    "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE sent_us < movio_now_us() - $1 "
                    "ORDER BY sent_us LIMIT $2)",
                    {sql(std::chrono::microseconds(options.keep_sent).count()), sql(kRowsPerPurge)})
                .changed;
        };
        while (!stopping && co_await database.write(body) == kRowsPerPurge) {
        }
        co_await Inbox::purge(database, options.keep_sent);
    }

    Awaitable<void> pump() {
        auto purged = Clock::now() - kPurgeEvery;
        while (!stopping) {
            rung = false;
            try {
                if (co_await pass() > 0) continue;
                if (Clock::now() - purged >= kPurgeEvery) {
                    purged = Clock::now();
                    co_await purge();
                }
            } catch (const std::exception& failure) {
                log_warn("cannot send events", {{"reason", std::string(failure.what())}});
            }
            if (!stopping && !rung) co_await wake.wait_for(next_look());
        }
    }

    milliseconds next_look() const {
        milliseconds wait = options.poll_every;
        for (const auto& [id, pause] : refused)
            wait = std::min(wait, std::chrono::duration_cast<milliseconds>(pause.until - Clock::now()));
        return std::max(wait, milliseconds(1));
    }
};

OutboxPump::OutboxPump(Database& database, Outbox& outbox, EventBus& bus, asio::any_io_executor executor,
                       OutboxPumpOptions options)
    : state_(std::make_shared<State>(database, outbox, bus, std::move(executor), options)) {}

OutboxPump::~OutboxPump() = default;

void OutboxPump::start() {
    state_->outbox.on_appended(state_->waker.handle());
    state_->group.spawn("outbox", state_->pump());
}

Awaitable<void> OutboxPump::stop() {
    state_->stopping = true;
    state_->outbox.on_appended({});
    state_->waker.close();
    state_->wake.notify();
    co_await state_->group.wait();
}

Awaitable<std::int64_t> Inbox::purge(Database& database, std::chrono::hours older_than) {
    auto body = [&](SqlSession& session) {
        return session
            .run(
                "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox WHERE received_us < movio_now_us() - $1 "
                "ORDER BY received_us LIMIT $2)",
                {sql(std::chrono::microseconds(older_than).count()), sql(kRowsPerPurge)})
            .changed;
    };
    std::int64_t purged = 0;
    for (;;) {
        const std::int64_t now = co_await database.write(body);
        purged += now;
        if (now < kRowsPerPurge) co_return purged;
    }
}

bool Inbox::first_time(SqlSession& session, EventId event) {
    return session
               .run("INSERT INTO inbox (id, received_us) VALUES ($1, movio_now_us()) ON CONFLICT (id) DO NOTHING",
                    {sql(event.text())})
               .changed == 1;
}

}  // namespace movio::ledger
