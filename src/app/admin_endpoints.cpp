#include "app/admin_endpoints.hpp"

#include <memory>

#include <fmt/format.h>

#include "app/admin_endpoint.hpp"
#include "base/clock.hpp"

namespace movio::app {
namespace {

using Parts = std::shared_ptr<const AdminParts>;

void write_failure(JsonWriter& json, const std::optional<Error>& failure) {
    json.key("failure");
    if (!failure) {
        json.null();
        return;
    }
    json.begin_object()
        .member("code", to_text(failure->code))
        .member("message", failure->message)
        .member("detail", failure->detail)
        .end_object();
}

void write_job_members(JsonWriter& json, const ledger::Job& job) {
    json.member("id", job.id.text())
        .member("kind", job.kind)
        .member("subject", job.subject)
        .member("state", ledger::to_text(job.state))
        .member("created_at", rfc3339(job.created_us));
    write_failure(json, job.failure);
}

void write_task(JsonWriter& json, const ledger::Task& task) {
    json.begin_object()
        .member("id", task.id.text())
        .member("kind", task.kind)
        .member("key", task.key)
        .member("state", ledger::to_text(task.state))
        .member("attempt", task.attempt)
        .member("attempts_max", task.attempts_max);
    write_failure(json, task.failure);
    json.end_object();
}

std::string detail_of(std::string_view name, const std::string& id) {
    JsonWriter json;
    json.begin_object().member(name, id).end_object();
    return json.take();
}

struct Upload {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto text = [&request](std::string_view name) {
            return std::string(request.head.query.find(name).value_or(""));
        };
        const auto owner = co_await parts->owner(text("as"));
        if (!owner) co_return http::problem_response(owner.error(), request.context.request_id);
        uploads::NewUpload head;
        head.filename = text("filename");
        head.owner_id = owner->text();
        head.bytes = request.head.content_length.value_or(0);
        head.within_quota = false;
        head.details = {.title = text("title"), .description = text("description")};
        const auto details = head.details;
        auto upload = co_await parts->uploads->begin(std::move(head));
        if (!upload) co_return http::problem_response(upload.error().error, request.context.request_id);
        auto taken = co_await take_body_or_fail(**upload, details, *request.body);
        if (!taken) {
            co_await (*upload)->abandon();
            co_return http::problem_response(taken.error(), request.context.request_id);
        }
        co_await parts->trail->record({.by = {},
                                       .action = "command.ingest",
                                       .subject = (*upload)->video().text(),
                                       .detail = detail_of("owner", owner->text())});
        JsonWriter json;
        json.begin_object().member("id", (*upload)->video().text()).end_object();
        co_return http::json_response(json.take(), 201);
    }

    // An outage ends an upload as an error does: what it left is taken away.
    static Awaitable<Result<void>> take_body_or_fail(uploads::Upload& upload, uploads::UploadDetails details,
                                                     http::BodyReader& body) {
        try {
            co_return co_await take_body(upload, std::move(details), body);
        } catch (const NoSpace&) {
            co_return fail(ErrorCode::no_space, "There is no room for this file; make some and send it again");
        }
    }

    static Awaitable<Result<void>> take_body(uploads::Upload& upload, uploads::UploadDetails details,
                                             http::BodyReader& body) {
        for (;;) {
            auto piece = co_await body.read();
            if (!piece) co_return std::unexpected(piece.error());
            if (piece->empty()) co_return co_await upload.finish(std::move(details));
            Bytes bytes(piece->begin(), piece->end());
            if (auto written = co_await upload.write(std::move(bytes)); !written) co_return written;
        }
    }
};

struct ShowVideo {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto id = VideoId::parse(request.head.path.find("id").value_or(""));
        const auto view = id ? co_await parts->catalog->find(catalog::Viewer{.admin = true}, *id) : std::nullopt;
        if (!view)
            co_return http::problem_response({ErrorCode::not_found, "There is no such video", {}},
                                             request.context.request_id);
        JsonWriter json;
        catalog::write(json, *view);
        co_return http::json_response(json.take());
    }
};

struct Status {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request&) const {
        JsonWriter json;
        json.begin_object().member("address", parts->address()).member("works", parts->works).end_object();
        co_return http::json_response(json.take());
    }
};

struct ListJobs {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        ledger::JobQuery query;
        if (const auto state = request.head.query.find("state")) {
            query.state = ledger::job_state_from_text(*state);
            if (!query.state)
                co_return http::problem_response({ErrorCode::invalid, "There is no such state of a job", {}},
                                                 request.context.request_id);
        }
        JsonWriter json;
        json.begin_object().key("items").begin_array();
        for (auto* ledger : {parts->worker_jobs, parts->api_jobs}) {
            const auto page = co_await ledger->list(query);
            for (const auto& job : page.items) {
                json.begin_object();
                write_job_members(json, job);
                json.end_object();
            }
        }
        json.end_array().end_object();
        co_return http::json_response(json.take());
    }
};

struct ShowJob {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto id = JobId::parse(request.head.path.find("id").value_or(""));
        std::optional<ledger::JobWithTasks> found;
        for (auto* ledger : {parts->worker_jobs, parts->api_jobs})
            if (id && !found) found = co_await ledger->find(*id);
        if (!found)
            co_return http::problem_response(
                {ErrorCode::not_found, "There is no such job; `movio jobs list` shows them", {}},
                request.context.request_id);
        JsonWriter json;
        json.begin_object();
        write_job_members(json, found->job);
        json.key("tasks").begin_array();
        for (const auto& task : found->tasks) write_task(json, task);
        json.end_array().end_object();
        co_return http::json_response(json.take());
    }
};

struct ChangeJob {
    Parts parts;
    bool retry = false;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto id = JobId::parse(request.head.path.find("id").value_or(""));
        Result<void> done = fail(ErrorCode::not_found, "There is no such job; `movio jobs list` shows them");
        if (id) done = co_await change(*id);
        if (done)
            co_await parts->trail->record({.by = {},
                                           .action = retry ? "command.retry" : "command.cancel",
                                           .detail = detail_of("job", id->text())});
        if (!done) co_return http::problem_response(done.error(), request.context.request_id);
        co_return http::no_content();
    }

    Awaitable<Result<void>> change(JobId id) const {
        if (!co_await parts->worker_jobs->find(id)) {
            if (retry) co_return co_await parts->api_jobs->retry(id);
            if (!co_await parts->api_jobs->cancel(id))
                co_return fail(ErrorCode::not_found, "There is no such running job; `movio jobs list` shows them");
            co_return Result<void>{};
        }
        if (retry) co_return co_await parts->films->retry_job(id);
        co_return co_await parts->films->cancel_job(id);
    }
};

struct PutFirst {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        static const auto kDescription = with_json_body({});
        const auto body = co_await http::read_json(request, kDescription);
        if (!body) co_return http::problem_response(body.error(), request.context.request_id);
        const auto id = JobId::parse(request.head.path.find("id").value_or(""));
        const auto priority = ledger::priority_from_text(body->text_or("priority", ""));
        const auto done = co_await change(id, priority);
        if (!done) co_return http::problem_response(done.error(), request.context.request_id);
        co_await parts->trail->record({.by = {}, .action = "command.priority", .detail = detail_of("job", id->text())});
        co_return http::no_content();
    }

    Awaitable<Result<void>> change(std::optional<JobId> id, std::optional<ledger::Priority> priority) const {
        if (!priority)
            co_return fail(ErrorCode::invalid, "There is no such priority; see `movio jobs priority --help`");
        for (auto* ledger : {parts->worker_jobs, parts->api_jobs})
            if (id && co_await ledger->find(*id)) co_return co_await ledger->set_job_priority(*id, *priority);
        co_return fail(ErrorCode::not_found, "There is no such job; `movio jobs list` shows them");
    }
};

struct RetryTask {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request& request) const {
        const auto id = TaskId::parse(request.head.path.find("id").value_or(""));
        Result<void> done = fail(ErrorCode::not_found, "There is no such task; `movio jobs show JOB` shows them");
        if (id) {
            done = co_await parts->films->retry_task(*id);
            if (!done && done.error().code == ErrorCode::not_found) {
                const auto opened = co_await parts->api_jobs->retry_task(*id);
                done = opened ? Result<void>{} : std::unexpected(opened.error());
            }
        }
        if (!done) co_return http::problem_response(done.error(), request.context.request_id);
        co_await parts->trail->record(
            {.by = {}, .action = "command.retry_task", .detail = detail_of("task", id->text())});
        co_return http::no_content();
    }
};

struct RebuildSearch {
    Parts parts;

    Awaitable<http::Response> operator()(http::Request&) const {
        const auto report = co_await parts->rebuild_search();
        co_await parts->trail->record({.by = {}, .action = "command.rebuild_search"});
        JsonWriter json;
        json.begin_object().member("films", report.films).member("removed", report.removed).end_object();
        co_return http::json_response(json.take());
    }
};

}  // namespace

void add_admin_endpoints(http::Router& router, AdminParts given) {
    const auto parts = std::make_shared<const AdminParts>(std::move(given));
    auto upload = admin_endpoint(http::Method::post, "/admin/uploads", "Takes a file in.");
    upload.body = http::BodyKind::stream;
    upload.body_bytes_max = 1LL << 44;  // the upload service has the limit of the settings
    router.add(http::make_raw_endpoint(std::move(upload), Upload{parts}));
    router.add(http::make_raw_endpoint(admin_endpoint(http::Method::get, "/admin/videos/{id}", "One film."),
                                       ShowVideo{parts}));
    router.add(http::make_raw_endpoint(
        admin_endpoint(http::Method::get, "/admin/status", "Where this server is reached."), Status{parts}));
    router.add(http::make_raw_endpoint(admin_endpoint(http::Method::get, "/admin/jobs", "Newest jobs first."),
                                       ListJobs{parts}));
    router.add(http::make_raw_endpoint(admin_endpoint(http::Method::get, "/admin/jobs/{id}", "One job with its tasks."),
                                       ShowJob{parts}));
    router.add(http::make_raw_endpoint(
        admin_endpoint(http::Method::post, "/admin/jobs/{id}/retry", "Goes on with a job."), ChangeJob{parts, true}));
    router.add(http::make_raw_endpoint(admin_endpoint(http::Method::post, "/admin/jobs/{id}/cancel", "Ends a job."),
                                       ChangeJob{parts, false}));
    router.add(http::make_raw_endpoint(
        with_json_body(admin_endpoint(http::Method::post, "/admin/jobs/{id}/priority", "Puts a job first, or back.")),
        PutFirst{parts}));
    router.add(http::make_raw_endpoint(
        admin_endpoint(http::Method::post, "/admin/tasks/{id}/retry", "Tries a task again at once."),
        RetryTask{parts}));
    router.add(http::make_raw_endpoint(
        admin_endpoint(http::Method::post, "/admin/search/rebuild", "Makes the search index anew."),
        RebuildSearch{parts}));
}

}  // namespace movio::app
