#include "ledger/endpoints/admin_jobs.hpp"

#include "async/task_group.hpp"
#include "async/timing.hpp"
#include "fixture.hpp"
#include "http/router.hpp"
#include "ledger/schemas.hpp"
#include "support/asking.hpp"

namespace movio::ledger {
namespace {

using namespace std::chrono_literals;
using http::Method;
using testing::HasSubstr;
using testing::IsEmpty;

const Error kReason{ErrorCode::damaged, "The film is damaged.", "detail"};

class AdminJobsTest : public LedgerTest {
protected:
    AdminJobsTest() {
        auto desk = plain_desk("worker", ledger_, runner_, true);
        desk.processes = [this] { return processes_; };
        std::vector<JobDesk> desks;
        desks.push_back(std::move(desk));
        add_admin_job_endpoints(router_, std::move(desks), [this](const auto&, std::string action, std::string detail) {
            return note(std::move(action) + " " + std::move(detail));
        });
    }

    test::Reply ask(Method method, const std::string& target, std::string body = {}) {
        return test::ask(loop_, router_,
                         {.method = method,
                          .target = "/api/v2/admin" + target,
                          .caller = http::Caller{UserId::make(), true},
                          .body = std::move(body),
                          .content_type = "application/json"});
    }
    test::Reply get(const std::string& target) { return ask(Method::get, target); }
    JobId add_film(const Plan& plan) { return add(plan, video_.text() + "/1"); }
    JsonView item(const test::Reply& reply, std::size_t at = 0) { return reply.json.find("items")->at(at); }

    Awaitable<void> note(std::string told) {
        told_.push_back(std::move(told));
        co_return;
    }

    std::vector<std::string> told_;
    const VideoId video_ = VideoId::make();
    TaskRunner runner_{ledger_,
                       loop_.executor(),
                       {.owner = "local",
                        .classes = {{.name = "on demand", .slots = 2, .at_least = Priority::on_demand},
                                    {.name = "batch", .slots = 3}}}};
    std::vector<WorkProcess> processes_;
    http::Router router_;
};

TEST_F(AdminJobsTest, Every_endpoint_is_for_administrators_and_described) {
    const auto known = schemas();
    for (const auto* endpoint : router_.descriptions()) {
        EXPECT_EQ(endpoint->access, http::Access::admin) << endpoint->path;
        EXPECT_EQ(endpoint->rate, endpoint->method == Method::get ? http::RateClass::read : http::RateClass::write);
        for (const auto& answer : endpoint->answers)
            EXPECT_TRUE(answer.schema.empty() || known.contains(answer.schema)) << answer.schema;
    }
    for (const auto& [name, text] : known) EXPECT_TRUE(JsonView::parse(text)) << name;
}

TEST_F(AdminJobsTest, List_tells_how_far_each_job_is) {
    const auto job = add_film({make("a"), make("b", Priority::publish)});
    finish(claim().value());
    const auto listed = get("/jobs");
    ASSERT_EQ(listed.status, 200) << listed.text;
    const auto first = item(listed);
    EXPECT_EQ(first.text_or("id", ""), job.text());
    EXPECT_EQ(first.text_or("service", ""), "worker");
    EXPECT_EQ(first.text_or("video_id", ""), video_.text());
    EXPECT_EQ(first.text_or("about", ""), video_.text() + "/1");
    EXPECT_EQ(first.text_or("state", ""), "running");
    EXPECT_EQ(first.text_or("priority", ""), "bulk");
    EXPECT_EQ(first.integer_or("percent", 0), 50);
    EXPECT_EQ(first.find("task_counts")->integer_or("done", 0), 1);
    EXPECT_EQ(first.find("task_counts")->integer_or("ready", 0), 1);
    EXPECT_TRUE(first.find("failure")->is_null());
}

TEST_F(AdminJobsTest, List_is_paged_and_filtered) {
    for (const auto* subject : {"one", "two", "three"}) {
        add({make("a")}, subject);
        pass(1s);
    }
    const auto first = get("/jobs?limit=2");
    ASSERT_EQ(first.json.find("items")->size(), 2);
    EXPECT_EQ(item(first).text_or("about", ""), "three");
    const auto next = get("/jobs?limit=2&cursor=" + first.json.text_or("next", ""));
    ASSERT_EQ(next.json.find("items")->size(), 1);
    EXPECT_TRUE(next.json.find("next")->is_null());
    EXPECT_EQ(get("/jobs?q=TW").json.find("items")->size(), 1);
    EXPECT_EQ(get("/jobs?q=%25").json.find("items")->size(), 0) << "a percent sign stands for itself";
    EXPECT_EQ(get("/jobs?state=done").json.find("items")->size(), 0);
    EXPECT_EQ(get("/jobs?owner=" + UserId::make().text()).json.find("items")->size(), 0);
    EXPECT_EQ(get("/jobs?state=odd").status, 400);
    EXPECT_EQ(get("/jobs?service=odd").status, 400);
    EXPECT_EQ(get("/jobs?service=api").status, 404) << "this program does not run it";
}

TEST_F(AdminJobsTest, Job_shows_its_tasks_and_what_is_worked_on_first) {
    const auto job = add_film({make("a"), make("b"), make("c")});
    finish(claim().value());
    const auto at_work = claim(Priority::bulk, "local").value();
    WorkProcess process;
    process.pid = 7;
    process.task_id = at_work.lease.task.text();
    process.percent = 42;
    processes_.push_back(process);
    const auto shown = get("/jobs/" + job.text());
    ASSERT_EQ(shown.status, 200) << shown.text;
    const auto tasks = shown.json.find("tasks").value();
    ASSERT_EQ(tasks.size(), 3);
    EXPECT_EQ(tasks.at(0).text_or("key", ""), "b");
    EXPECT_EQ(tasks.at(0).text_or("worker", ""), "local");
    EXPECT_EQ(tasks.at(0).integer_or("percent", 0), 42);
    EXPECT_EQ(tasks.at(1).text_or("state", ""), "ready");
    EXPECT_EQ(tasks.at(2).text_or("state", ""), "done");
    EXPECT_EQ(tasks.at(2).integer_or("took_ms", -1), 0);
    EXPECT_EQ(shown.json.integer_or("tasks_left_out", -1), 0);
    EXPECT_EQ(get("/jobs/" + JobId::make().text()).status, 404);
}

TEST_F(AdminJobsTest, Job_with_very_many_tasks_shows_those_of_interest) {
    Plan plan;
    for (int i = 0; i < 600; ++i) plan.push_back(make("t" + std::to_string(i)));
    const auto job = add_film(plan);
    finish(claim().value());
    ASSERT_EQ(claimed_key(), "t1");
    const auto shown = get("/jobs/" + job.text());
    EXPECT_EQ(shown.json.find("tasks")->size(), 500);
    EXPECT_EQ(shown.json.integer_or("tasks_left_out", 0), 100);
    EXPECT_EQ(shown.json.find("tasks")->at(0).text_or("key", ""), "t1");
    EXPECT_THAT(shown.text, testing::Not(HasSubstr(R"("key":"t0")"))) << "what is done is of the least interest";
}

TEST_F(AdminJobsTest, Job_is_cancelled_once_and_tried_again) {
    const auto job = add_film({make("a")});
    const auto path = "/jobs/" + job.text();
    EXPECT_EQ(ask(Method::post, path + "/retry").status, 409);
    EXPECT_EQ(ask(Method::post, path + "/cancel").status, 204);
    EXPECT_EQ(state_of(job), JobState::cancelled);
    EXPECT_EQ(ask(Method::post, path + "/cancel").status, 409);
    EXPECT_EQ(item(get("/jobs?state=cancelled")).find("failure")->text_or("code", ""), "cancelled");
    EXPECT_EQ(ask(Method::post, path + "/retry").status, 204);
    EXPECT_EQ(state_of(job), JobState::running);
    for (const auto* action : {"/cancel", "/retry"}) {
        EXPECT_EQ(ask(Method::post, "/jobs/" + JobId::make().text() + action).status, 404);
        EXPECT_EQ(ask(Method::post, path + action + "?service=auth").status, 404);
    }
    const auto of_job = R"({"job":")" + job.text() + R"(","service":"worker"})";
    EXPECT_EQ(told_, (std::vector<std::string>{"job.cancelled " + of_job, "job.retried " + of_job}))
        << "once each, and nothing of what was refused";
}

TEST_F(AdminJobsTest, Job_is_put_first) {
    const auto job = add_film({make("a")});
    const auto path = "/jobs/" + job.text();
    const auto changed = ask(Method::patch, path, R"({"priority":"publish"})");
    ASSERT_EQ(changed.status, 200) << changed.text;
    EXPECT_EQ(changed.json.text_or("priority", ""), "publish");
    EXPECT_EQ(changed.json.find("tasks")->at(0).text_or("priority", ""), "publish");
    EXPECT_EQ(ask(Method::patch, path, R"({"priority":"on_demand"})").status, 400);
    EXPECT_EQ(ask(Method::patch, path, "{}").status, 400);
    run(ledger_.cancel(job));
    EXPECT_EQ(ask(Method::patch, path, R"({"priority":"bulk"})").status, 409);
    EXPECT_EQ(ask(Method::patch, "/jobs/" + JobId::make().text(), R"({"priority":"bulk"})").status, 404);
}

TEST_F(AdminJobsTest, Task_is_tried_again) {
    const auto job = add_film({make("a")});
    const auto task = claim().value();
    run(ledger_.retry_later(task.lease, kReason, 1h));
    const auto waiting = get("/jobs/" + job.text()).json.find("tasks")->at(0);
    EXPECT_THAT(waiting.text_or("next_attempt_at", ""), HasSubstr("T"));
    EXPECT_EQ(waiting.find("failure")->text_or("code", ""), "damaged");
    const auto path = "/tasks/" + task.lease.task.text() + "/retry";
    EXPECT_EQ(ask(Method::post, path).status, 204);
    EXPECT_EQ(claimed_key(), "a");
    EXPECT_EQ(ask(Method::post, path).status, 409);
    EXPECT_EQ(ask(Method::post, "/tasks/" + TaskId::make().text() + "/retry").status, 404);
}

TEST_F(AdminJobsTest, Workers_say_who_they_are_and_what_runs) {
    WorkProcess process;
    process.pid = 7;
    process.video_id = video_.text();
    process.urgency = "batch";
    process.percent = 10;
    process.cpu_us = 1'500'000;
    process.rss_bytes = 1 << 20;
    processes_.push_back(process);
    const auto listed = get("/workers");
    ASSERT_EQ(listed.status, 200) << listed.text;
    const auto worker = item(listed);
    EXPECT_EQ(worker.text_or("name", ""), "local");
    EXPECT_GT(worker.integer_or("pid", 0), 0);
    EXPECT_GT(worker.integer_or("rss_bytes", 0), 0);
    EXPECT_TRUE(worker.find("started_at")->is_null()) << "it was not started";
    EXPECT_EQ(worker.find("classes")->at(1).integer_or("slots", 0), 3);
    const auto shown = worker.find("processes")->at(0);
    EXPECT_EQ(shown.integer_or("cpu_ms", 0), 1500);
    EXPECT_EQ(shown.text_or("video_id", ""), video_.text());
    EXPECT_TRUE(shown.find("task_id")->is_null());
    EXPECT_EQ(get("/workers?service=api").json.find("items")->size(), 0);
}

TEST_F(AdminJobsTest, Queue_counts_by_class_and_kind) {
    add_film(chain({make("a"), make("b")}));
    add({make("wish", Priority::on_demand), {.kind = "other", .key = "o"}}, "watched");
    const auto queue = item(get("/queue"));
    EXPECT_EQ(queue.integer_or("ready", 0), 3);
    EXPECT_EQ(queue.integer_or("blocked", 0), 1);
    EXPECT_EQ(queue.integer_or("leased", -1), 0);
    EXPECT_EQ(queue.integer_or("wishes", 0), 1);
    EXPECT_THAT(queue.text_or("oldest_ready_at", ""), HasSubstr("2023-11-14T"));
    const auto classes = queue.find("classes").value();
    EXPECT_EQ(classes.at(0).text_or("name", ""), "on demand");
    EXPECT_EQ(classes.at(0).integer_or("ready", 0), 1);
    EXPECT_EQ(classes.at(1).integer_or("ready", 0), 2);
    EXPECT_EQ(classes.at(1).integer_or("blocked", 0), 1);
    EXPECT_EQ(queue.find("kinds")->at(0).text_or("kind", ""), "make");
    EXPECT_EQ(queue.find("kinds")->at(1).integer_or("ready", 0), 1);
}

// Takes so many events, then it is closed.
struct ClosingSink final : http::EventSink {
    explicit ClosingSink(std::size_t how_many) : most(how_many) {}
    bool send(http::ServerEvent event) override {
        events.push_back(std::move(event));
        return is_open();
    }
    bool is_open() const override { return events.size() < most; }
    std::size_t most;
    std::vector<http::ServerEvent> events;
};

Awaitable<void> add_later(Database& database, Ledger& ledger) {
    co_await sleep_for(100ms);
    auto body = [&](SqlSession& session) {
        const auto job = ledger.add_job(session, {.kind = "video", .subject = "second"});
        ledger.add_tasks(session, job.id, {make("a")});
    };
    co_await database.write(body);
}

TEST_F(AdminJobsTest, Stream_tells_what_runs_and_again_when_it_has_changed) {
    const auto job = add_film({make("a")});
    const auto endpoint = std::get<http::Router::Found>(
        router_.find(Method::get, http::parse_target("/api/v2/admin/events").value().segments));
    http::Request request;
    auto response = run(endpoint.endpoint->handle(request));
    const auto* stream = std::get_if<http::EventStream>(&response.body);
    ASSERT_NE(stream, nullptr);
    ClosingSink sink(2);
    TaskGroup group(loop_.executor());
    group.spawn("add", add_later(database_, ledger_));
    run(stream->produce(sink));
    run(group.wait());
    ASSERT_EQ(sink.events.size(), 2);
    EXPECT_EQ(sink.events[0].type, "jobs");
    const auto first = JsonView::parse(sink.events[0].data).value();
    EXPECT_EQ(first.find("jobs")->at(0).text_or("id", ""), job.text());
    EXPECT_EQ(first.find("queue")->integer_or("ready", 0), 1);
    EXPECT_EQ(JsonView::parse(sink.events[1].data)->find("jobs")->size(), 2);
    EXPECT_EQ(get("/events?service=api").status, 404);
}

TEST(PlainDesk, Names_films_where_subjects_are_such) {
    test::Loop loop;
    test::TempDir folder;
    SqliteDatabase database{{.file = folder.path() / "ledger.db"}};
    MemoryTaskQueue bell;
    Ledger ledger{database, bell, "api"};
    TaskRunner runner{ledger, loop.executor(), {.owner = "local", .classes = {}}};
    const auto video = VideoId::make();
    const auto films = plain_desk("api", ledger, runner, true);
    const auto found = loop.run(films.about({video.text(), "index"}));
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found.at(video.text()).video, video);
    EXPECT_THAT(loop.run(plain_desk("auth", ledger, runner, false).about({video.text()})), IsEmpty());
}

}  // namespace
}  // namespace movio::ledger
