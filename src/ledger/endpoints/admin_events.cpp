#include "async/timing.hpp"
#include "ledger/endpoints/desks.hpp"
#include "ledger/endpoints/job_json.hpp"

namespace movio::ledger {
namespace {

constexpr std::chrono::milliseconds kLookEvery{1000};  // so nobody is told more often, however much happens
constexpr int kJobsFollowedMax = 50;

// {service, jobs: [those that run], queue}
Awaitable<std::string> state_of(const JobDesk& desk) {
    JobQuery running;
    running.state = JobState::running;
    running.limit = kJobsFollowedMax;
    const auto listing = co_await list_jobs(desk, std::move(running));
    const auto queue = co_await queue_of(desk);
    JsonWriter json;
    json.begin_object().member("service", desk.service).key("jobs").begin_array();
    for (const auto& job : listing.page.items) {
        json.begin_object();
        write_job_members(json, listing, job);
        json.end_object();
    }
    json.end_array().key("queue");
    write(json, queue);
    json.end_object();
    co_return json.take();
}

// The rows are asked, not those who change them: so it holds whichever process works.
Awaitable<void> tell_changes(const JobDesk& desk, http::EventSink& sink) {
    std::string told;
    while (sink.is_open()) {
        auto now = co_await state_of(desk);
        if (now != told) {
            if (!sink.send({"jobs", now, {}})) co_return;
            told = std::move(now);
        }
        co_await sleep_for(kLookEvery);
    }
}

struct FollowJobs {
    Awaitable<http::Response> operator()(http::Request& request) const {
        const std::string service(request.head.query.find("service").value_or(kWorkerService));
        const auto* desk = find_desk(desks, service);
        if (desk == nullptr)
            co_return http::problem_response({ErrorCode::not_found, "This program does not run that service.", {}},
                                             request.context.request_id);
        http::Response response;
        http::EventStream stream;
        stream.produce = [desks = desks, desk](http::EventSink& sink) { return tell_changes(*desk, sink); };
        response.body = std::move(stream);
        co_return response;
    }

    Desks desks;
};

}  // namespace

void add_admin_event_endpoint(http::Router& router, const Desks& desks) {
    auto description = for_admins(http::Method::get, "/api/v2/admin/events",
                                  "Tells what runs and what waits, at most once a second, whenever it has changed.");
    description.answers = {{200, "Server-sent events: `jobs` with what runs as data.", "RunningJobs"}};
    description.errors.push_back(ErrorCode::not_found);
    description.parameters = {{"service", http::Place::query, http::ParameterType::text,
                               service_rules("Whose jobs; the worker's if not said.")}};
    router.add(http::make_raw_endpoint(std::move(description), FollowJobs{desks}));
}

}  // namespace movio::ledger
