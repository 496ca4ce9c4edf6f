#include <array>

#include <unistd.h>

#include "base/clock.hpp"
#include "base/process_figures.hpp"
#include "ledger/endpoints/desks.hpp"
#include "ledger/endpoints/job_json.hpp"

namespace movio::ledger {
namespace {

using http::EndpointDescription;
using http::Method;

constexpr std::size_t kHostNameMax = 256;

std::string host_name() {
    std::array<char, kHostNameMax> name{};
    ::gethostname(name.data(), name.size() - 1);
    return name.data();
}

std::optional<std::string> some(const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); }

// One service's part of this program, as it is now.
struct WorkerFigures {
    std::string service;
    RunnerFigures runner;
    std::vector<WorkProcess> processes;
};

void write_task(JsonWriter& json, const RunnerFigures& runner, const RunnerFigures::Task& one) {
    const auto* in = class_of(runner, one.task.priority);
    json.begin_object()
        .member("id", one.task.lease.task.text())
        .member("job_id", one.task.job.text())
        .member("kind", one.task.kind)
        .member("key", one.task.key)
        .member("attempt", one.task.lease.attempt)
        .member("class", in == nullptr ? std::nullopt : std::optional(in->slots.name))
        .member("started_at", rfc3339(one.begun_us))
        .end_object();
}

void write_process(JsonWriter& json, const WorkProcess& process) {
    json.begin_object()
        .member("pid", process.pid)
        .member("task_id", some(process.task_id))
        .member("video_id", some(process.video_id))
        .member("class", process.urgency)
        .member("started_at", rfc3339(process.started_us))
        .member("percent", process.percent)
        .member("cpu_ms", process.cpu_us / 1000)
        .member("rss_bytes", process.rss_bytes)
        .end_object();
}

void write_worker(JsonWriter& json, const WorkerFigures& worker) {
    const auto own = process_figures(0);
    const auto& runner = worker.runner;
    json.begin_object()
        .member("service", worker.service)
        .member("name", runner.owner)
        .member("host", host_name())
        .member("pid", static_cast<std::int64_t>(::getpid()))
        .member("started_at", runner.started_us == 0 ? std::nullopt : std::optional(rfc3339(runner.started_us)))
        .member("seen_at", runner.seen_us == 0 ? std::nullopt : std::optional(rfc3339(runner.seen_us)))
        .member("cpu_ms", own.cpu_us / 1000)
        .member("rss_bytes", own.rss_bytes);
    json.key("classes").begin_array();
    for (const auto& one : runner.classes)
        json.begin_object()
            .member("name", one.slots.name)
            .member("at_least", to_text(one.slots.at_least))
            .member("slots", one.slots.slots)
            .member("busy", one.busy)
            .end_object();
    json.end_array().key("tasks").begin_array();
    for (const auto& one : runner.tasks) write_task(json, runner, one);
    json.end_array().key("processes").begin_array();
    for (const auto& one : worker.processes) write_process(json, one);
    json.end_array().end_object();
}

struct ListWorkers {
    struct Input {
        std::optional<std::string> service;
    };
    using Output = std::vector<WorkerFigures>;

    static EndpointDescription describe() {
        auto description =
            for_admins(Method::get, "/api/v2/admin/workers", "Who works in the background, and on what just now.");
        description.answers = {{200, "All that this program runs.", "WorkerList"}};
        description.errors.push_back(ErrorCode::invalid);
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_query("service", &Input::service, service_rules("Only this one."))};
    }
    static void write(JsonWriter& json, const Output& workers) {
        json.begin_object().key("items").begin_array();
        for (const auto& worker : workers) write_worker(json, worker);
        json.end_array().end_object();
    }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext&) {
        Output workers;
        for (const auto* desk : desks_of(desks, input.service))
            workers.push_back({desk->service, desk->runner->figures(), desk->processes()});
        co_return workers;
    }

    Desks desks;
};

struct ShowQueue {
    struct Input {
        std::optional<std::string> service;
    };
    using Output = std::vector<QueueFigures>;

    static EndpointDescription describe() {
        auto description = for_admins(Method::get, "/api/v2/admin/queue", "What waits to be worked on, counted.");
        description.answers = {{200, "By service.", "QueueList"}};
        description.errors.push_back(ErrorCode::invalid);
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_query("service", &Input::service, service_rules("Only this one."))};
    }
    static void write(JsonWriter& json, const Output& queues) {
        json.begin_object().key("items").begin_array();
        for (const auto& queue : queues) ledger::write(json, queue);
        json.end_array().end_object();
    }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext&) {
        Output queues;
        for (const auto* desk : desks_of(desks, input.service)) queues.push_back(co_await queue_of(*desk));
        co_return queues;
    }

    Desks desks;
};

}  // namespace

void add_admin_worker_endpoints(http::Router& router, const Desks& desks) {
    router.add(http::make_endpoint(ListWorkers{desks}));
    router.add(http::make_endpoint(ShowQueue{desks}));
}

}  // namespace movio::ledger
