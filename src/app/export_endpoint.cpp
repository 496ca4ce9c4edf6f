#include "app/export_endpoint.hpp"

#include <chrono>
#include <memory>

#include <fmt/format.h>

#include "audit/endpoints/actor_of.hpp"
#include "base/clock.hpp"
#include "http/endpoint.hpp"

namespace movio::app {
namespace {

// Of one person: each export reads every row of theirs.
constexpr Rate kExports{.interval = std::chrono::minutes(10), .burst = 5};

using Parts = std::shared_ptr<const std::vector<PersonalPart>>;
using Counts = std::function<Awaitable<bool>()>;

// The document, a piece at a time. Used by one answer alone.
class Export {
public:
    Export(Parts parts, UserId user, Counts counts)
        : parts_(std::move(parts)), user_(user), counts_(std::move(counts)) {}

    Awaitable<std::string> next() {
        if (ended_) co_return std::string();
        if (!begun_) {
            begun_ = true;
            co_return fmt::format(R"({{"format":"movio-export-1","made_at":"{}")", rfc3339(wall_now_us()));
        }
        if (at_ == parts_->size()) {
            ended_ = true;
            co_return std::string("}\n");
        }
        // Whoever was disabled meanwhile gets no more of it.
        if (counts_ && !co_await counts_()) throw Failure("whoever asked for the export is not let in any more");
        co_return co_await piece();
    }

private:
    Awaitable<std::string> piece() {
        const auto& part = (*parts_)[at_];
        const bool first = items_ == 0 && after_.empty();
        const auto page = co_await part.page(user_, after_);
        std::string out;
        if (first) out = fmt::format(",\"{}\":{}", part.name, part.is_list ? "[" : "");
        for (const auto& item : page.items) {
            if (items_++ > 0) out += ',';
            out += item;
        }
        after_ = page.after;
        if (after_.empty()) {
            if (part.is_list)
                out += ']';
            else if (items_ == 0)
                out += "null";
            items_ = 0;
            ++at_;
        }
        co_return out;
    }

    Parts parts_;
    UserId user_;
    Counts counts_;
    bool begun_ = false;
    bool ended_ = false;
    std::size_t at_ = 0;
    std::size_t items_ = 0;
    std::string after_;
};

http::EndpointDescription described() {
    http::EndpointDescription description;
    description.path = "/api/v2/me/export";
    description.summary = "Everything that is kept of oneself, in one document.";
    description.tag = "own account";
    description.access = http::Access::user;
    description.people_only = true;
    description.cross_origin = http::CrossOrigin::none;
    description.answers = {{200, "The document, as a file to keep.", "PersonalExport"}};
    description.errors = {ErrorCode::unauthorized, ErrorCode::forbidden, ErrorCode::rate_limited};
    return description;
}

struct ExportMe {
    Parts parts;
    RateLimiter* limiter;
    audit::Trail* trail;

    Awaitable<http::Response> operator()(http::Request& request) const {
        static const auto kDescription = described();
        const auto user = request.context.caller.value().user;
        const auto taken = co_await limiter->take("export " + user.text(), kExports);
        if (taken.wait > std::chrono::microseconds::zero()) {
            const auto wait_s = std::chrono::ceil<std::chrono::seconds>(taken.wait).count();
            http::Refusal refusal;
            refusal.error = {ErrorCode::rate_limited,
                             fmt::format("You have had your data several times just now. Try again in {} s.", wait_s),
                             {}};
            refusal.retry_after_s = wait_s;
            co_return http::refuse(kDescription, refusal, request.context);
        }
        co_await trail->record(
            {.by = audit::actor_of(request.context), .action = "user.exported", .subject = user.text()});
        const auto document = std::make_shared<Export>(parts, user, request.context.caller_counts);
        http::Response response;
        response.headers.set("Content-Type", "application/json");
        response.headers.set("Content-Disposition", "attachment; filename=\"movio-export.json\"");
        response.headers.set("Cache-Control", "no-store");
        response.body = http::PulledBody{[document] { return document->next(); }};
        co_return response;
    }
};

}  // namespace

std::string personal_export_schema() {
    return R"({"type":"object","description":"What is kept of a person. A list may be long; read it as it comes.",
        "required":["format","made_at","account","log_ins","tokens_for_programs","groups","invitations","quota",
        "videos","captions","embed_links","shared_with_me","reports","decisions",
        "account_actions","video_actions"],
        "properties":{"format":{"const":"movio-export-1"},"made_at":{"type":"string","format":"date-time"},
        "account":{"type":["object","null"]},"log_ins":{"type":"array","items":{"type":"object"}},
        "tokens_for_programs":{"type":"array","items":{"type":"object"}},
        "groups":{"type":"array","items":{"type":"object"}},"invitations":{"type":"array","items":{"type":"object"}},
        "quota":{"type":"object"},"videos":{"type":"array","items":{"type":"object"}},
        "captions":{"type":"array","items":{"type":"object"}},"embed_links":{"type":"array","items":{"type":"object"}},
        "shared_with_me":{"type":"array","items":{"type":"object"}},
        "reports":{"type":"array","items":{"type":"object"}},"decisions":{"type":"array","items":{"type":"object"}},
        "account_actions":{"type":"array","items":{"type":"object"}},
        "video_actions":{"type":"array","items":{"type":"object"}}}})";
}

void add_export_endpoint(http::Router& router, std::vector<PersonalPart> parts, RateLimiter& limiter,
                         audit::Trail& trail) {
    router.add(http::make_raw_endpoint(
        described(), ExportMe{std::make_shared<const std::vector<PersonalPart>>(std::move(parts)), &limiter, &trail}));
}

}  // namespace movio::app
