#include "catalog/reports.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "catalog/audience.hpp"
#include "catalog/report_rows.hpp"
#include "catalog/video_rows.hpp"
#include "catalog/video_text.hpp"
#include "catalog/video_view.hpp"

namespace movio::catalog {
namespace {

Result<std::string> tidy(const std::string& reason, std::string_view given) {
    if (std::ranges::find(kReportReasons, reason) == kReportReasons.end())
        return fail(ErrorCode::invalid, fmt::format("A reason is one of: {}", fmt::join(kReportReasons, ", ")));
    std::string text(trimmed(given));
    if (std::cmp_greater(characters(text), kReportTextMax))
        return fail(ErrorCode::invalid, fmt::format("The text of a report has at most {} characters", kReportTextMax));
    if (reason == "other" && text.empty()) return fail(ErrorCode::invalid, "Say what is wrong with this video");
    return text;
}

std::int64_t count_open(SqlSession& session, VideoId video, const SqlValue& reporter) {
    return session
        .run(
            "SELECT COUNT(*) FROM reports WHERE video_id = $1 AND closed_us IS NULL "
            "AND (CAST($2 AS TEXT) IS NULL OR reporter_id = $2)",
            {sql(video.text()), reporter})
        .rows.at(0)
        .integer(0);
}

std::optional<User> person(SqlSession& session, const std::optional<std::string>& id) {
    const auto user = id ? UserId::parse(*id) : std::nullopt;
    auto found = user ? find_user(session, *user) : std::nullopt;
    return found && !found->deleted ? std::move(found) : std::nullopt;
}

Report report_of(SqlSession& session, const SqlRow& row) {
    Report report;
    report.id = ReportId::parse(row.text(0)).value();
    report.video = find_video(session, VideoId::parse(row.text(1)).value()).value();
    report.reporter = person(session, row.text_or_null(2));
    report.reason = row.text(3);
    report.text = row.text(4);
    report.created_us = row.integer(5);
    report.owner = person(session, report.video.owner_id);
    if (!row.is_null(6)) report.decision = find_decision(session, DecisionId::parse(row.text(6)).value());
    return report;
}

void write_person(JsonWriter& json, std::string_view name, const std::optional<User>& user) {
    json.key(name);
    if (!user) {
        json.null();
        return;
    }
    json.begin_object()
        .member("id", user->id.text())
        .member("name", fmt::format("{} {}", user->first_name, user->last_name))
        .member("role", to_text(user->role))
        .member("blocked", !user->enabled)
        .end_object();
}

}  // namespace

void write(JsonWriter& json, const Report& report) {
    json.begin_object()
        .member("id", report.id.text())
        .member("reason", report.reason)
        .member("text", report.text)
        .member("created_at", rfc3339(report.created_us));
    write_person(json, "reporter", report.reporter);
    json.key("video")
        .begin_object()
        .member("id", report.video.id.text())
        .member("title", report.video.title)
        .member("visibility", report.video.visibility)
        .member("open_reports", report.video.open_reports)
        .member("deleted", report.video.deleted_us.has_value());
    write_moderation(json, report.video.moderation);
    json.end_object();
    write_person(json, "owner", report.owner);
    json.key("decision");
    if (report.decision)
        write(json, *report.decision);
    else
        json.null();
    json.end_object();
}

Awaitable<Result<void>> Reports::add(Viewer viewer, VideoId id, std::string reason, std::string text, audit::Actor by) {
    auto tidied = tidy(reason, text);
    if (!tidied) co_return std::unexpected(std::move(tidied.error()));
    auto done = co_await database_.write([&](SqlSession& session) -> Result<void> {
        const auto video = find_video(session, id);
        if (!video || !may_see(viewer, *video, reaches(session, viewer, *video)))
            return fail(ErrorCode::not_found, fmt::format("There is no video {}", id.text()));
        if (viewer.user && count_open(session, id, sql_user(viewer)) > 0)
            return fail(ErrorCode::conflict, "You have reported this video already. A moderator will look at it.");
        if (count_open(session, id, {}) >= kOpenReportsMax)
            return fail(ErrorCode::conflict, "This video has been reported by many. A moderator will look at it.");
        session.run(
            "INSERT INTO reports (id, video_id, reporter_id, reason, text, created_us) "
            "VALUES ($1, $2, $3, $4, $5, movio_now_us())",
            {sql(ReportId::make().text()), sql(id.text()), sql_user(viewer), sql(reason), sql(*tidied)});
        count_reports(session, id);
        JsonWriter detail;
        detail.begin_object().member("reason", reason).end_object();
        audit::record(session, {.by = by, .action = "report.made", .subject = id.text(), .detail = detail.take()});
        return {};
    });
    if (done) log_info("a film is reported", {{"video_id", id.text()}, {"reason", reason}});
    co_return done;
}

Awaitable<Result<ReportPage>> Reports::list(Viewer viewer, ReportQuery query) {
    if (!moderates(viewer)) co_return fail(ErrorCode::forbidden, "Only a moderator may do this.");
    // Ids of reports sort by their age.
    const auto after = query.cursor ? ReportId::parse(*query.cursor) : std::nullopt;
    if (query.cursor && !after)
        co_return fail(ErrorCode::invalid, "The cursor is not one that this server gave; begin without it");
    auto page = co_await database_.read([&](SqlSession& session) {
        ReportPage found;
        const auto rows = session.run(
            fmt::format("SELECT id, video_id, reporter_id, reason, text, created_us, decision_id FROM reports "
                        "WHERE closed_us IS {} AND (CAST($1 AS TEXT) IS NULL OR id {} $1) ORDER BY id {} LIMIT $2",
                        query.open ? "NULL" : "NOT NULL", query.open ? ">" : "<", query.open ? "ASC" : "DESC"),
            {after ? sql(after->text()) : SqlValue{}, sql(query.limit + 1)});
        for (const auto& row : rows.rows) found.items.push_back(report_of(session, row));
        return found;
    });
    if (std::cmp_greater(page.items.size(), query.limit)) {
        page.items.pop_back();
        page.next = page.items.back().id.text();
    }
    co_return page;
}

}  // namespace movio::catalog
