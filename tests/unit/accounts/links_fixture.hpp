#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "accounts/link_sender.hpp"
#include "adapters/memory/rate_limiter.hpp"
#include "adapters/memory/task_queue.hpp"
#include "async/timing.hpp"
#include "unit/accounts/accounts_fixture.hpp"

namespace movio::accounts::test {

inline constexpr auto kBase = "https://films.example";

// Takes what is sent, unless it is told to be out for so many times.
class Letterbox final : public Notices {
public:
    Awaitable<void> send(Notice notice) override {
        if (outages > 0) {
            --outages;
            lost.push_back(std::move(notice));
            throw Failure("the post office is closed");
        }
        sent.push_back(std::move(notice));
        co_return;
    }
    std::vector<Notice> sent;
    std::vector<Notice> lost;
    int outages = 0;
};

// Accounts, and links that are sent to their people.
struct Links : Accounts {
    Links() { sender.begin_links_with(kBase); }

    template <class T>
    T run(Awaitable<T> task) {
        return service.loop.run(std::move(task));
    }
    // Sends all that waits, as the service does, and tells how many tasks that took.
    int deliver() { return run(run_tasks()); }
    Awaitable<int> run_tasks() {
        ledger::RunnerOptions options;
        options.owner = "test";
        options.classes = {{"all", 1, ledger::Priority::bulk}};
        ledger::TaskRunner runner(ledger, service.loop.executor(), options);
        sender.register_with(runner);
        runner.start();
        int open = co_await count_open();
        const int begun = open;
        while (open > 0) {
            co_await sleep_for(std::chrono::milliseconds(5));
            open = co_await count_open();
        }
        co_await runner.stop();
        co_return begun;
    }
    Awaitable<int> count_open() {
        co_return co_await service.database.read([](SqlSession& session) {
            return static_cast<int>(
                session.run("SELECT COUNT(*) FROM jobs WHERE ended_us IS NULL").rows.at(0).integer(0));
        });
    }
    User user_named(const std::string& name) { return run(accounts.find_named(name)).value(); }
    std::string token_sent() const {
        const auto& link = box.sent.back().fields.at("link");
        return link.substr(link.find('#') + 1);
    }
    // The first column.
    std::vector<std::string> rows(std::string_view statement) {
        return service.read([&](SqlSession& session) {
            std::vector<std::string> texts;
            for (const auto& row : session.run(statement).rows) texts.push_back(row.text(0));
            return texts;
        });
    }

    Letterbox box;
    MemoryTaskQueue bell;
    MemoryRateLimiter limiter;
    ledger::Ledger ledger{service.database, bell, "auth"};
    LinkSender sender{service.database, ledger, box, keys};
};

}  // namespace movio::accounts::test
