#include "catalog/decisions.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "catalog/audience.hpp"
#include "catalog/report_rows.hpp"
#include "catalog/tell_changed.hpp"
#include "catalog/users.hpp"
#include "catalog/video_rows.hpp"
#include "catalog/video_text.hpp"

namespace movio::catalog {
namespace {

constexpr std::string_view kColumns =
    "decisions.id, decisions.decision, decisions.reason, decisions.decided_by, users.first_name, users.last_name, "
    "decisions.decided_us FROM decisions LEFT JOIN users ON users.id = decisions.decided_by AND users.deleted = 0";

Decision decision_of(const SqlRow& row) {
    Decision decision;
    decision.id = DecisionId::parse(row.text(0)).value();
    decision.what = row.text(1);
    decision.reason = row.text(2);
    decision.by_id = row.text(3);
    if (!row.is_null(4)) decision.by_name = fmt::format("{} {}", row.text(4), row.text(5));
    decision.decided_us = row.integer(6);
    return decision;
}

// The film, where the viewer moderates it.
Result<Video> moderated(SqlSession& session, const Viewer& viewer, VideoId id) {
    auto video = find_video(session, id);
    const bool seen = video && may_see(viewer, *video, reaches(session, viewer, *video));
    if (!moderates(viewer) && seen) return fail(ErrorCode::forbidden, "Only a moderator may do this.");
    const bool asked_about = video && moderates(viewer) && (video->open_reports > 0 || video->moderation);
    if ((!seen && !asked_about) || video->status == VideoStatus::uploading)
        return fail(ErrorCode::not_found, fmt::format("There is no video {}", id.text()));
    if (owns(viewer, *video) && !viewer.admin)
        return fail(ErrorCode::forbidden, "This video is yours. Another moderator decides on it.");
    return std::move(*video);
}

void set_moderation(SqlSession& session, VideoId id, std::string_view state, const std::string& reason) {
    session.run(
        "UPDATE videos SET moderation = $2, moderation_reason = $3, moderated_us = movio_now_us(), "
        "updated_us = movio_now_us() WHERE id = $1",
        {sql(id.text()), sql(state), sql(reason)});
}

void clear_moderation(SqlSession& session, VideoId id) {
    session.run(
        "UPDATE videos SET moderation = NULL, moderation_reason = NULL, moderated_us = NULL, "
        "updated_us = movio_now_us() WHERE id = $1",
        {sql(id.text())});
}

Event blocked_event(VideoId video, const std::string& user, const Viewer& by) {
    JsonWriter data;
    data.begin_object().member("user_id", user).member("by", by.user->text()).end_object();
    Event event;
    event.type = "uploader.blocked";
    event.video = video;
    event.data = data.take();
    return event;
}

// Not the reason: it is text, and kept with the decision.
std::string decision_detail(DecisionId id, std::string_view blocked) {
    JsonWriter json;
    json.begin_object().member("decision", id.text());
    if (!blocked.empty()) json.member("user", blocked);
    return json.end_object().take();
}

Result<std::string> tidy(const std::string& what, std::string_view given) {
    if (std::ranges::find(kDecisions, what) == kDecisions.end())
        return fail(ErrorCode::invalid, fmt::format("A decision is one of: {}", fmt::join(kDecisions, ", ")));
    std::string reason(trimmed(given));
    if (reason.empty() || std::cmp_greater(characters(reason), kDecisionReasonMax))
        return fail(ErrorCode::invalid, fmt::format("A reason has 1 to {} characters", kDecisionReasonMax));
    return reason;
}

}  // namespace

std::optional<Decision> find_decision(SqlSession& session, DecisionId id) {
    const auto found = session.run(fmt::format("SELECT {} WHERE decisions.id = $1", kColumns), {sql(id.text())});
    return found.empty() ? std::nullopt : std::optional(decision_of(found.rows.front()));
}

void write(JsonWriter& json, const Decision& decision) {
    json.begin_object()
        .member("id", decision.id.text())
        .member("decision", decision.what)
        .member("reason", decision.reason)
        .key("by")
        .begin_object()
        .member("id", decision.by_id)
        .member("name", decision.by_name)
        .end_object()
        .member("decided_at", rfc3339(decision.decided_us))
        .end_object();
}

Awaitable<Result<Decision>> Decisions::decide(Viewer viewer, VideoId id, std::string what, std::string reason,
                                              audit::Actor by) {
    auto tidied = tidy(what, reason);
    if (!tidied) co_return std::unexpected(std::move(tidied.error()));
    auto made = co_await database_.write([&](SqlSession& session) -> Result<Decision> {
        const auto video = moderated(session, viewer, id);
        if (!video) return std::unexpected(video.error());
        if (auto done = carry_out(session, viewer, *video, what, *tidied); !done) return std::unexpected(done.error());
        const auto decision = DecisionId::make();
        session.run(
            "INSERT INTO decisions (id, video_id, decision, reason, decided_by, decided_us) "
            "VALUES ($1, $2, $3, $4, $5, movio_now_us())",
            {sql(decision.text()), sql(id.text()), sql(what), sql(*tidied), sql(viewer.user->text())});
        audit::record(session, {.by = by,
                                .action = "moderation." + what,
                                .subject = id.text(),
                                .detail = decision_detail(decision, what == "block" ? video->owner_id : "")});
        if (what != "block") close_reports(session, id, decision.text());
        tell_changed(session, outbox_, watch_, id);
        return find_decision(session, decision).value();
    });
    if (made)
        log_info("a moderator decided on a film",
                 {{"video_id", id.text()}, {"decision", what}, {"by", viewer.user->text()}});
    co_return made;
}

Result<void> Decisions::carry_out(SqlSession& session, const Viewer& viewer, const Video& video,
                                  const std::string& what, const std::string& reason) {
    const auto& now = video.moderation;
    if (what == "block") return block_owner(session, viewer, video);
    if (what == "dismiss")
        return video.open_reports > 0 ? Result<void>{}
                                      : fail(ErrorCode::conflict, "There is no open report of this video.");
    if (what == "restore") {
        if (!now) return fail(ErrorCode::conflict, "This video is neither hidden nor deleted by a moderator.");
        clear_moderation(session, video.id);
        if (now->state == "deleted") set_deleted(session, video.id, false);
        return {};
    }
    if (now && now->state == "deleted")
        return fail(ErrorCode::conflict, "A moderator has deleted this video already. Restore it first.");
    if (what == "hide") {
        if (now) return fail(ErrorCode::conflict, "This video is hidden already.");
        set_moderation(session, video.id, "hidden", reason);
        return {};
    }
    set_moderation(session, video.id, "deleted", reason);
    set_deleted(session, video.id, true);
    return {};
}

Result<void> Decisions::block_owner(SqlSession& session, const Viewer& viewer, const Video& video) {
    const auto id = UserId::parse(video.owner_id);
    const auto owner = id ? find_user(session, *id) : std::nullopt;
    if (!owner || owner->deleted) return fail(ErrorCode::conflict, "This video belongs to nobody who has an account.");
    if (owner->id == viewer.user) return fail(ErrorCode::forbidden, "Nobody blocks themselves.");
    if (owner->role >= access::Role::moderator && !viewer.admin)
        return fail(ErrorCode::forbidden, "Only an administrator may block moderators and administrators.");
    if (!owner->enabled) return fail(ErrorCode::conflict, "The owner of this video is blocked already.");
    outbox_.append(session, blocked_event(video.id, owner->id.text(), viewer));
    return {};
}

Awaitable<Result<std::vector<Decision>>> Decisions::list(Viewer viewer, VideoId id) {
    co_return co_await database_.read([&](SqlSession& session) -> Result<std::vector<Decision>> {
        if (!moderates(viewer)) return fail(ErrorCode::forbidden, "Only a moderator may do this.");
        std::vector<Decision> decisions;
        const auto found = session.run(
            fmt::format("SELECT {} WHERE decisions.video_id = $1 ORDER BY decisions.id DESC LIMIT $2", kColumns),
            {sql(id.text()), sql(kDecisionsShownMax)});
        decisions.reserve(found.rows.size());
        for (const auto& row : found.rows) decisions.push_back(decision_of(row));
        return decisions;
    });
}

}  // namespace movio::catalog
