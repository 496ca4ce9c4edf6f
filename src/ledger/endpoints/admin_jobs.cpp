#include "ledger/endpoints/admin_jobs.hpp"

#include "base/limits.hpp"
#include "ledger/endpoints/desks.hpp"
#include "ledger/endpoints/job_json.hpp"

namespace movio::ledger {
namespace {

using http::EndpointDescription;
using http::Method;

constexpr int kJobsPageMax = 100;
constexpr std::int64_t kFilterCharactersMax = 200;
constexpr std::int64_t kCursorCharactersMax = 100;

// What every request about one job or task says.
struct One {
    Uuid id;
    std::string service = kWorkerService;
};

template <class Input>
http::Field<Input> id_field(const char* help) {
    return http::in_path("id", &Input::id, {.help = help});
}
template <class Input>
http::Field<Input> service_field() {
    return http::in_query("service", &Input::service, service_rules("Whose it is; the worker's if not said."));
}

EndpointDescription of_one(Method method, std::string path, std::string summary) {
    auto description = for_admins(method, std::move(path), std::move(summary));
    description.errors.insert(description.errors.end(), {ErrorCode::invalid, ErrorCode::not_found});
    if (method != Method::get) description.errors.push_back(ErrorCode::conflict);
    return description;
}

struct ListJobs {
    struct Input {
        std::string service = kWorkerService;
        std::optional<std::string> state;
        std::optional<UserId> owner;
        std::string text;
        std::optional<std::string> cursor;
        int limit = 24;
    };
    using Output = JobListing;

    static EndpointDescription describe() {
        auto description = for_admins(Method::get, "/api/v2/admin/jobs",
                                      "Work in the background, the newest first, a page at a time.");
        description.answers = {{200, "A page of jobs.", "JobPage"}};
        description.errors.insert(description.errors.end(), {ErrorCode::invalid, ErrorCode::not_found});
        return description;
    }
    static http::Fields<Input> fields() {
        return {
            http::in_query("service", &Input::service, service_rules("Whose jobs: those of films are the worker's.")),
            http::in_query("state", &Input::state,
                           {.one_of = {"running", "done", "failed", "cancelled"}, .help = "Only those."}),
            http::in_query("owner", &Input::owner, {.help = "Only those for films of this user."}),
            http::in_query("q", &Input::text,
                           {.max = kFilterCharactersMax, .help = "Only those about something with this in its name."}),
            http::in_query("cursor", &Input::cursor,
                           {.max = kCursorCharactersMax, .help = "`next` of the page before."}),
            http::in_query("limit", &Input::limit, {.min = 1, .max = kJobsPageMax, .help = "Jobs on a page."})};
    }
    static void write(JsonWriter& json, const Output& listing) { ledger::write(json, listing); }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext&) {
        const auto* desk = find_desk(desks, input.service);
        if (desk == nullptr) co_return fail(ErrorCode::not_found, "This program does not run that service.");
        JobQuery query;
        if (input.state) query.state = job_state_from_text(*input.state);
        query.also = desk->only({.owner = input.owner, .text = std::move(input.text)});
        query.after = std::move(input.cursor);
        query.limit = input.limit;
        co_return co_await list_jobs(*desk, std::move(query));
    }

    Desks desks;
};

struct ShowJob {
    using Input = One;
    using Output = TaskListing;

    static EndpointDescription describe() {
        auto description = of_one(Method::get, "/api/v2/admin/jobs/{id}", "One job with its tasks.");
        description.answers = {
            {200, "What is worked on comes first, then what failed; some hundred tasks.", "JobTasks"}};
        return description;
    }
    static http::Fields<Input> fields() { return {id_field<Input>("The job's id."), service_field<Input>()}; }
    static void write(JsonWriter& json, const Output& listing) { ledger::write(json, listing); }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext&) {
        const auto* desk = find_desk(desks, input.service);
        if (desk == nullptr) co_return no_such_job();
        auto found = co_await find_job(*desk, JobId(input.id));
        if (!found) co_return no_such_job();
        co_return std::move(*found);
    }

    Desks desks;
};

// Which of them it was.
std::string detail_of(const char* what, const Uuid& id, const std::string& service, const std::string& priority = {}) {
    JsonWriter json;
    json.begin_object().member(what, id.text()).member("service", service);
    if (!priority.empty()) json.member("priority", priority);
    return json.end_object().take();
}

struct CancelJob {
    using Input = One;
    using Output = std::monostate;

    static EndpointDescription describe() {
        auto description =
            of_one(Method::post, "/api/v2/admin/jobs/{id}/cancel", "Ends a running job; what is stored stays.");
        description.answers = {{204, "Nobody works on it any more."}};
        return description;
    }
    static http::Fields<Input> fields() { return {id_field<Input>("The job's id."), service_field<Input>()}; }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const auto* desk = find_desk(desks, input.service);
        if (desk == nullptr || !co_await desk->ledger->find(JobId(input.id))) co_return no_such_job();
        if (!co_await desk->ledger->cancel(JobId(input.id)))
            co_return fail(ErrorCode::conflict, "This job has ended already.");
        co_await changed(context, "job.cancelled", detail_of("job", input.id, input.service));
        co_return Output{};
    }

    Desks desks;
    JobsChanged changed;
};

struct RetryJob {
    using Input = One;
    using Output = std::monostate;

    static EndpointDescription describe() {
        auto description = of_one(Method::post, "/api/v2/admin/jobs/{id}/retry",
                                  "Goes on with a failed or cancelled job; what is stored is kept.");
        description.answers = {{204, "It runs again."}};
        return description;
    }
    static http::Fields<Input> fields() { return {id_field<Input>("The job's id."), service_field<Input>()}; }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const auto* desk = find_desk(desks, input.service);
        if (desk == nullptr || !co_await desk->ledger->find(JobId(input.id))) co_return no_such_job();
        const auto done = co_await desk->retry(JobId(input.id));
        if (!done) co_return std::unexpected(done.error());
        co_await changed(context, "job.retried", detail_of("job", input.id, input.service));
        co_return Output{};
    }

    Desks desks;
    JobsChanged changed;
};

struct ChangeJob {
    struct Input {
        Uuid id;
        std::string service = kWorkerService;
        std::string priority;
    };
    using Output = TaskListing;

    static EndpointDescription describe() {
        auto description =
            of_one(Method::patch, "/api/v2/admin/jobs/{id}", "Puts what is left of a job first, or back.");
        description.answers = {{200, "The job as it is now.", "JobTasks"}};
        return description;
    }
    static http::Fields<Input> fields() {
        return {
            id_field<Input>("The job's id."), service_field<Input>(),
            http::in_body("priority", &Input::priority,
                          {.required = true,
                           .one_of = {"bulk", "interactive", "publish"},
                           .help = "bulk: as all others, in their order; interactive: before all others in the same "
                                   "places; publish: in the places that are kept for new uploads, too."})};
    }
    static void write(JsonWriter& json, const Output& listing) { ledger::write(json, listing); }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const auto* desk = find_desk(desks, input.service);
        if (desk == nullptr) co_return no_such_job();
        const auto done =
            co_await desk->ledger->set_job_priority(JobId(input.id), priority_from_text(input.priority).value());
        if (!done) co_return std::unexpected(done.error());
        co_await changed(context, "job.priority", detail_of("job", input.id, input.service, input.priority));
        auto found = co_await find_job(*desk, JobId(input.id));
        if (!found) co_return no_such_job();
        co_return std::move(*found);
    }

    Desks desks;
    JobsChanged changed;
};

struct RetryTask {
    using Input = One;
    using Output = std::monostate;

    static EndpointDescription describe() {
        auto description = of_one(Method::post, "/api/v2/admin/tasks/{id}/retry",
                                  "Tries a task again at once: one that waits after a failed attempt, or one of a job "
                                  "that has failed or was cancelled, which then goes on.");
        description.answers = {{204, "It is ready, with a fresh set of attempts."}};
        return description;
    }
    static http::Fields<Input> fields() { return {id_field<Input>("The task's id."), service_field<Input>()}; }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const auto* desk = find_desk(desks, input.service);
        if (desk == nullptr) co_return fail(ErrorCode::not_found, "There is no such task.");
        const auto done = co_await desk->retry_task(TaskId(input.id));
        if (!done) co_return std::unexpected(done.error());
        co_await changed(context, "task.retried", detail_of("task", input.id, input.service));
        co_return Output{};
    }

    Desks desks;
    JobsChanged changed;
};

}  // namespace

http::EndpointDescription for_admins(Method method, std::string path, std::string summary) {
    EndpointDescription description;
    description.method = method;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "administration";
    description.access = http::Access::admin;
    if (method != Method::get) description.rate = http::RateClass::write;
    description.errors = {ErrorCode::unauthorized, ErrorCode::forbidden};
    return description;
}

void never_kept(http::Headers& headers) { headers.set("Cache-Control", "no-store"); }

const JobDesk* find_desk(const Desks& desks, const std::string& service) {
    for (const auto& desk : *desks)
        if (desk.service == service) return &desk;
    return nullptr;
}

std::vector<const JobDesk*> desks_of(const Desks& desks, const std::optional<std::string>& service) {
    std::vector<const JobDesk*> found;
    for (const auto& desk : *desks)
        if (!service || desk.service == *service) found.push_back(&desk);
    return found;
}

std::unexpected<Error> no_such_job() { return fail(ErrorCode::not_found, "There is no such job."); }

http::FieldRules service_rules(std::string help) {
    return {.one_of = {kWorkerService, "api", "auth"}, .help = std::move(help)};
}

void add_admin_job_endpoints(http::Router& router, std::vector<JobDesk> given, JobsChanged changed) {
    const auto desks = std::make_shared<const std::vector<JobDesk>>(std::move(given));
    router.add(http::make_endpoint(ListJobs{desks}));
    router.add(http::make_endpoint(ShowJob{desks}));
    router.add(http::make_endpoint(CancelJob{desks, changed}));
    router.add(http::make_endpoint(RetryJob{desks, changed}));
    router.add(http::make_endpoint(ChangeJob{desks, changed}));
    router.add(http::make_endpoint(RetryTask{desks, std::move(changed)}));
    add_admin_worker_endpoints(router, desks);
    add_admin_event_endpoint(router, desks);
}

}  // namespace movio::ledger
