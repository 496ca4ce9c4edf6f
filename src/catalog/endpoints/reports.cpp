#include "catalog/endpoints/reports.hpp"

#include "audit/endpoints/actor_of.hpp"
#include "catalog/endpoints/viewer_of.hpp"
#include "http/endpoint.hpp"

namespace movio::catalog {
namespace {

using http::EndpointDescription;
using http::Method;

EndpointDescription described(Method method, std::string path, std::string summary) {
    EndpointDescription description;
    description.method = method;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "moderation";
    return description;
}

EndpointDescription for_moderators(Method method, std::string path, std::string summary) {
    auto description = described(method, std::move(path), std::move(summary));
    description.access = http::Access::moderator;
    if (method != Method::get) description.rate = http::RateClass::write;
    description.errors = {ErrorCode::invalid, ErrorCode::unauthorized, ErrorCode::forbidden};
    return description;
}

void never_kept(http::Headers& headers) { headers.set("Cache-Control", "no-store"); }

struct AddReport {
    struct Input {
        VideoId id;
        std::string reason;
        std::string text;
    };
    using Output = std::monostate;

    static EndpointDescription describe() {
        auto description = described(Method::post, "/api/v2/videos/{id}/reports",
                                     "Tells moderators what is wrong with a film; guests may, too.");
        description.rate = http::RateClass::report;
        description.answers = {{204, "A moderator will look at it."}};
        description.errors = {ErrorCode::invalid, ErrorCode::not_found, ErrorCode::conflict};
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_path("id", &Input::id, {.help = "The film's id."}),
                http::in_body("reason", &Input::reason,
                              {.required = true,
                               .one_of = {kReportReasons.begin(), kReportReasons.end()},
                               .help = "What kind of wrong it is."}),
                http::in_body("text", &Input::text,
                              {.max = kReportTextMax, .help = "More of it; needed where the reason is `other`."})};
    }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        const auto done = co_await reports->add(viewer_of(context), input.id, std::move(input.reason),
                                                std::move(input.text), audit::actor_of(context));
        if (!done) co_return std::unexpected(done.error());
        co_return Output{};
    }

    Reports* reports;
};

struct ListReports {
    struct Input {
        std::string state = "open";
        std::optional<std::string> cursor;
        int limit = 24;
    };
    using Output = ReportPage;

    static EndpointDescription describe() {
        auto description = for_moderators(Method::get, "/api/v2/reports", "What viewers reported, a page at a time.");
        description.answers = {{200, "A page of reports.", "ReportPage"}};
        return description;
    }
    static http::Fields<Input> fields() {
        return {
            http::in_query(
                "state", &Input::state,
                {.one_of = {"open", "closed"},
                 .help = "`open`: what waits for a decision, the oldest first; `closed`: the newest first."}),
            http::in_query("cursor", &Input::cursor, {.max = 100, .help = "`next` of the page before."}),
            http::in_query("limit", &Input::limit, {.min = 1, .max = kReportsPageMax, .help = "Reports on a page."})};
    }
    static void write(JsonWriter& json, const Output& page) {
        json.begin_object().key("items").begin_array();
        for (const auto& report : page.items) catalog::write(json, report);
        json.end_array().member("next", page.next).end_object();
    }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        co_return co_await reports->list(
            viewer_of(context),
            {.open = input.state == "open", .cursor = std::move(input.cursor), .limit = input.limit});
    }

    Reports* reports;
};

struct Decide {
    struct Input {
        VideoId id;
        std::string decision;
        std::string reason;
    };
    using Output = Decision;

    static EndpointDescription describe() {
        auto description = for_moderators(Method::post, "/api/v2/videos/{id}/decisions",
                                          "Decides on a film; its owner is told the reason.");
        description.answers = {{201, "It is carried out and written down.", "Decision"}};
        description.errors.insert(description.errors.end(), {ErrorCode::not_found, ErrorCode::conflict});
        return description;
    }
    static http::Fields<Input> fields() {
        return {
            http::in_path("id", &Input::id, {.help = "The film's id."}),
            http::in_body("decision", &Input::decision,
                          {.required = true,
                           .one_of = {kDecisions.begin(), kDecisions.end()},
                           .help = "hide: moderators and the owner alone see it; delete: into the trash, from where "
                                   "its owner does not get it; restore: as it was before; dismiss: the reports "
                                   "change nothing; block: its owner's account is disabled, and the reports stay "
                                   "open."}),
            http::in_body("reason", &Input::reason,
                          {.required = true, .min = 1, .max = kDecisionReasonMax, .help = "The owner reads it."})};
    }
    static void write(JsonWriter& json, const Output& decision) { catalog::write(json, decision); }
    static int status(const Output&) { return 201; }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        co_return co_await decisions->decide(viewer_of(context), input.id, std::move(input.decision),
                                             std::move(input.reason), audit::actor_of(context));
    }

    Decisions* decisions;
};

struct ListDecisions {
    struct Input {
        VideoId id;
    };
    using Output = std::vector<Decision>;

    static EndpointDescription describe() {
        auto description =
            for_moderators(Method::get, "/api/v2/videos/{id}/decisions", "What was decided on a film, newest first.");
        description.answers = {{200, "The latest hundred, also of a film that is gone.", "DecisionList"}};
        return description;
    }
    static http::Fields<Input> fields() { return {http::in_path("id", &Input::id, {.help = "The film's id."})}; }
    static void write(JsonWriter& json, const Output& decisions) {
        json.begin_object().key("items").begin_array();
        for (const auto& decision : decisions) catalog::write(json, decision);
        json.end_array().end_object();
    }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        co_return co_await decisions->list(viewer_of(context), input.id);
    }

    Decisions* decisions;
};

}  // namespace

void add_report_endpoints(http::Router& router, Reports& reports, Decisions& decisions) {
    router.add(http::make_endpoint(AddReport{&reports}));
    router.add(http::make_endpoint(ListReports{&reports}));
    router.add(http::make_endpoint(Decide{&decisions}));
    router.add(http::make_endpoint(ListDecisions{&decisions}));
}

}  // namespace movio::catalog
