#include "app/audit_endpoint.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "app/admin_endpoint.hpp"
#include "base/clock.hpp"
#include "http/endpoint.hpp"
#include "search/iso_time.hpp"

namespace movio::app {
namespace {

using audit::Recorded;
using Parts = std::shared_ptr<const AuditParts>;

constexpr int kPageMax = 100;

struct AuditInput {
    std::optional<std::string> actor;
    std::optional<std::string> subject;
    std::optional<std::string> action;
    std::optional<std::string> from;
    std::optional<std::string> to;
    std::optional<std::string> cursor;
    int limit = 50;
};

struct AuditPage {
    std::vector<Recorded> entries;
    std::map<std::string, std::string> emails;  // by the id of a user
    std::optional<std::string> next;
};

std::optional<std::pair<std::int64_t, std::string>> parse_cursor(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    std::int64_t time_us = 0;
    const auto digits = text.substr(0, dash);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), time_us);
    const auto id = Uuid::parse(text.substr(dash + 1));
    if (error != std::errc{} || end != digits.data() + digits.size() || !id) return std::nullopt;
    return std::pair(time_us, id->text());
}

Result<search::TimeSpan> time_of(const std::string& text) {
    const auto span = search::parse_time(text);
    if (span) return *span;
    return fail(ErrorCode::invalid, fmt::format("'{}' is no time; write 2026-11-29 or 2026-11-29T10:00:00Z", text));
}

// An id stays; somebody's e-mail address or user name becomes theirs.
Awaitable<Result<std::string>> id_of(const AuditParts& parts, std::string named) {
    if (const auto id = Uuid::parse(named)) co_return id->text();
    const auto user = co_await parts.accounts->find_named(std::move(named));
    if (!user) co_return fail(ErrorCode::invalid, user.error().message);
    co_return user->id.text();
}

Awaitable<Result<audit::Filter>> filter_of(const AuditParts& parts, AuditInput input) {
    audit::Filter filter;
    for (const auto& [given, wanted] :
         {std::pair(&input.actor, &filter.actor), std::pair(&input.subject, &filter.subject)}) {
        if (!*given) continue;
        auto id = co_await id_of(parts, std::move(**given));
        if (!id) co_return std::unexpected(std::move(id.error()));
        *wanted = std::move(*id);
    }
    filter.action = std::move(input.action);
    if (input.from) {
        const auto time = time_of(*input.from);
        if (!time) co_return std::unexpected(time.error());
        filter.from_us = time->first_us;
    }
    if (input.to) {
        const auto time = time_of(*input.to);
        if (!time) co_return std::unexpected(time.error());
        filter.to_us = time->last_us + 1;
    }
    if (input.cursor) {
        filter.before = parse_cursor(*input.cursor);
        if (!filter.before)
            co_return fail(ErrorCode::invalid, "The cursor is not one that this server gave; begin without it");
    }
    filter.limit = input.limit + 1;  // one more tells whether there is a page behind
    co_return filter;
}

bool is_newer(const Recorded& a, const Recorded& b) { return std::tie(a.at_us, a.id) > std::tie(b.at_us, b.id); }

Awaitable<Result<AuditPage>> page_of(Parts parts, AuditInput input) {
    const auto limit = static_cast<std::size_t>(input.limit);
    const auto filter = co_await filter_of(*parts, std::move(input));
    if (!filter) co_return std::unexpected(filter.error());
    AuditPage page;
    for (auto* trail : parts->trails)
        for (auto& entry : co_await trail->list(*filter)) page.entries.push_back(std::move(entry));
    std::ranges::sort(page.entries, &is_newer);
    if (page.entries.size() > limit) {
        page.entries.resize(limit);
        page.next = fmt::format("{}-{}", page.entries.back().at_us, page.entries.back().id);
    }
    for (const auto& entry : page.entries) {
        for (const auto& text : {entry.actor_id, entry.subject}) {
            const auto id = UserId::parse(text);
            if (!id || page.emails.contains(text)) continue;
            const auto user = co_await parts->accounts->find(*id);
            page.emails[text] = user ? user->email : "";
        }
    }
    co_return page;
}

std::optional<std::string> text_or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<std::string> email_of(const AuditPage& page, const std::string& id) {
    const auto found = page.emails.find(id);
    return found == page.emails.end() ? std::nullopt : text_or_null(found->second);
}

void write_page(JsonWriter& json, const AuditPage& page) {
    json.begin_object().key("items").begin_array();
    for (const auto& entry : page.entries)
        json.begin_object()
            .member("id", entry.id)
            .member("at", rfc3339(entry.at_us))
            .member("actor_kind", entry.actor_kind)
            .member("actor_id", text_or_null(entry.actor_id))
            .member("actor_email", email_of(page, entry.actor_id))
            .member("address", entry.address)
            .member("action", entry.action)
            .member("subject_id", text_or_null(entry.subject))
            .member("subject_email", email_of(page, entry.subject))
            .member("outcome", entry.outcome)
            .key("detail")
            .raw(entry.detail)
            .end_object();
    json.end_array().member("next", page.next).end_object();
}

http::EndpointDescription described() {
    http::EndpointDescription description;
    description.path = "/api/v2/audit";
    description.summary = "The audit trail: who did what to what, newest first, a page at a time.";
    description.tag = "audit";
    description.access = http::Access::admin;
    description.answers = {{200, "A page of it.", "AuditPage"}};
    description.errors = {ErrorCode::invalid, ErrorCode::unauthorized, ErrorCode::forbidden};
    return description;
}

// `kByCommand`: over the socket in the data folder.
template <bool kByCommand>
struct ListAudit {
    using Input = AuditInput;
    using Output = AuditPage;

    static http::EndpointDescription describe() {
        return kByCommand ? admin_endpoint(http::Method::get, "/admin/audit", "The audit trail.") : described();
    }
    static http::Fields<Input> fields() {
        constexpr std::int64_t kNameMax = 320;
        constexpr std::int64_t kTimeMax = 40;
        return {
            http::in_query("actor", &Input::actor,
                           {.max = kNameMax, .help = "By whom: an id, e-mail address or user name."}),
            http::in_query("subject", &Input::subject,
                           {.max = kNameMax, .help = "On what: the id of a user, group or film, or a user's name."}),
            http::in_query("action", &Input::action,
                           {.max = 100, .help = "One action, or a kind of them: `video` is also `video.deleted`."}),
            http::in_query("from", &Input::from, {.max = kTimeMax, .help = "Not before: a day or a moment."}),
            http::in_query("to", &Input::to, {.max = kTimeMax, .help = "Not after that day or moment."}),
            http::in_query("cursor", &Input::cursor, {.max = 100, .help = "`next` of the page before."}),
            http::in_query("limit", &Input::limit, {.min = 1, .max = kPageMax, .help = "Entries on a page."})};
    }
    static void write(JsonWriter& json, const Output& page) { write_page(json, page); }
    static void headers(http::Headers& headers, const Output&) { headers.set("Cache-Control", "no-store"); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext&) {
        co_return co_await page_of(parts, std::move(input));
    }

    Parts parts;
};

}  // namespace

std::map<std::string, std::string> audit_schemas() {
    return {{"AuditEntry", R"({"type":"object","description":"One thing that somebody did, or tried.",
        "required":["id","at","actor_kind","actor_id","actor_email","address","action","subject_id","subject_email",
        "outcome","detail"],"properties":{"id":{"type":"string","format":"uuid"},
        "at":{"type":"string","format":"date-time"},
        "actor_kind":{"enum":["user","program","stranger","command","system"],
        "description":"`program`: a token of theirs; `command`: whoever owns the data folder; `system`: by itself."},
        "actor_id":{"type":["string","null"]},"actor_email":{"type":["string","null"],"description":"As it is now."},
        "address":{"type":"string","description":"Of the network; empty: the server itself."},
        "action":{"type":"string"},"subject_id":{"type":["string","null"]},"subject_email":{"type":["string","null"]},
        "outcome":{"enum":["done","refused"]},"detail":{"type":"object"}},"additionalProperties":false})"},
            {"AuditPage", R"({"type":"object","required":["items","next"],
        "properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/AuditEntry"}},
        "next":{"type":["string","null"],"description":"Cursor of the page behind this one."}},
        "additionalProperties":false})"}};
}

void add_audit_endpoint(http::Router& router, AuditParts parts) {
    router.add(http::make_endpoint(ListAudit<false>{std::make_shared<const AuditParts>(std::move(parts))}));
}

void add_admin_audit_endpoint(http::Router& router, AuditParts parts) {
    router.add(http::make_endpoint(ListAudit<true>{std::make_shared<const AuditParts>(std::move(parts))}));
}

}  // namespace movio::app
