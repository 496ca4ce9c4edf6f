#include "catalog/video_rows.hpp"

#include <fmt/format.h>

namespace movio::catalog {
namespace {

constexpr std::string_view kColumns =
    "id, owner_id, title, description, visibility, status, failure_code, failure_message, failure_detail, revision, "
    "duration_ms, created_us, updated_us, deleted_us, source_key, source_bytes, filename, plan_key, measured_key, "
    "poster_key, rungs, audio, custom_title, said_duration_us, details_known, received_us, playable_us, estimate, actual, "
    "chapters, analysis, storyboard, preview_key, licence, attribution, "
    "moderation, moderation_reason, moderated_us, open_reports";

Video video_of(const SqlRow& row) {
    Video video;
    video.id = VideoId::parse(row.text(0)).value();
    video.owner_id = row.text_or_null(1).value_or("");
    video.title = row.text(2);
    video.description = row.text(3);
    video.visibility = row.text(4);
    video.status = video_status_from_text(row.text(5));
    if (!row.is_null(6)) video.failure = VideoFailure{row.text(6), row.text(7), row.text_or_null(8).value_or("")};
    video.revision = static_cast<int>(row.integer(9));
    video.duration_ms = row.integer_or_null(10);
    video.created_us = row.integer(11);
    video.updated_us = row.integer(12);
    video.deleted_us = row.integer_or_null(13);
    video.source_key = row.text(14);
    video.source_bytes = row.integer(15);
    video.filename = row.text(16);
    video.plan_key = row.text_or_null(17).value_or("");
    video.measured_key = row.text_or_null(18).value_or("");
    video.poster_key = row.text_or_null(19).value_or("");
    video.rungs_json = row.text(20);
    video.audio_json = row.text(21);
    video.custom_title = row.text(22);
    video.said_duration_us = row.integer_or_null(23);
    video.details_known = row.flag(24);
    video.received_us = row.integer_or_null(25);
    video.playable_us = row.integer_or_null(26);
    video.estimate_json = row.text_or_null(27).value_or("");
    video.actual_json = row.text_or_null(28).value_or("");
    video.chapters_json = row.text(29);
    video.analysis_json = row.text_or_null(30).value_or("");
    video.storyboard = row.flag(31);
    video.preview_key = row.text_or_null(32).value_or("");
    video.licence = row.text(33);
    video.attribution = row.text(34);
    if (!row.is_null(35)) video.moderation = Moderation{row.text(35), row.text(36), row.integer(37)};
    video.open_reports = row.integer(38);
    return video;
}

SqlValue sql_or_null(const std::string& text) { return text.empty() ? SqlValue{} : sql(text); }

std::vector<Video> videos_of(const SqlResult& result) {
    std::vector<Video> videos;
    videos.reserve(result.rows.size());
    for (const auto& row : result.rows) videos.push_back(video_of(row));
    return videos;
}

}  // namespace

void insert_video(SqlSession& session, const Video& video) {
    session.run(
        "INSERT INTO videos (id, owner_id, title, description, visibility, status, revision, source_key, source_bytes, "
        "filename, custom_title, said_duration_us, details_known, licence, attribution, created_us, updated_us) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, movio_now_us(), movio_now_us())",
        {sql(video.id.text()), video.owner_id.empty() ? SqlValue{} : sql(video.owner_id), sql(video.title),
         sql(video.description), sql(video.visibility), sql(to_text(video.status)), sql(video.revision),
         sql(video.source_key), sql(video.source_bytes), sql(video.filename), sql(video.custom_title),
         sql(video.said_duration_us), sql(video.details_known), sql(video.licence), sql(video.attribution)});
}

std::optional<Video> find_video(SqlSession& session, VideoId id) {
    const auto found = session.run(fmt::format("SELECT {} FROM videos WHERE id = $1", kColumns), {sql(id.text())});
    return found.empty() ? std::nullopt : std::optional(video_of(found.rows.front()));
}

std::vector<Video> videos_with_status(SqlSession& session, VideoStatus status) {
    return videos_of(
        session.run(fmt::format("SELECT {} FROM videos WHERE status = $1 ORDER BY id LIMIT 1000", kColumns),
                    {sql(to_text(status))}));
}

void erase_video(SqlSession& session, VideoId id) { session.run("DELETE FROM videos WHERE id = $1", {sql(id.text())}); }

bool advance(SqlSession& session, VideoId id, VideoStatus to) {
    const auto video = find_video(session, id);
    if (!video || !may_become(video->status, to)) return false;
    session.run(
        "UPDATE videos SET status = $2, failure_code = NULL, failure_message = NULL, failure_detail = NULL, "
        "playable_us = CASE WHEN $3 = 1 THEN COALESCE(playable_us, movio_now_us()) ELSE playable_us END, "
        "updated_us = movio_now_us() WHERE id = $1",
        {sql(id.text()), sql(to_text(to)), sql(to == VideoStatus::playable || to == VideoStatus::ready)});
    return true;
}

bool fail_video(SqlSession& session, VideoId id, const VideoFailure& failure) {
    const auto video = find_video(session, id);
    if (!video) return false;
    // Tried again and failed again: what counts is why it fails now.
    const bool again = video->status == VideoStatus::failed;
    if (!again && !may_become(video->status, VideoStatus::failed)) return false;
    session.run(
        "UPDATE videos SET status = 'failed', failure_code = $2, failure_message = $3, failure_detail = $4, "
        "updated_us = movio_now_us() WHERE id = $1",
        {sql(id.text()), sql(failure.code), sql(failure.message), sql(failure.detail)});
    return true;
}

void set_source(SqlSession& session, VideoId id, std::int64_t bytes, std::optional<std::int64_t> received_us) {
    session.run("UPDATE videos SET source_bytes = $2, received_us = $3, updated_us = movio_now_us() WHERE id = $1",
                {sql(id.text()), sql(bytes), sql(received_us)});
}

void set_plan(SqlSession& session, VideoId id, const PlanFacts& facts) {
    session.run(
        "UPDATE videos SET plan_key = $2, duration_ms = $3, rungs = $4, audio = $5, estimate = $6, chapters = $7, "
        "updated_us = movio_now_us() WHERE id = $1",
        {sql(id.text()), sql(facts.plan_key), sql(facts.duration_ms), sql(facts.rungs_json), sql(facts.audio_json),
         sql_or_null(facts.estimate_json), sql(facts.chapters_json)});
}

void set_measured(SqlSession& session, VideoId id, const MeasuredFacts& facts) {
    session.run(
        "UPDATE videos SET measured_key = $2, poster_key = $3, rungs = $4, actual = $5, analysis = $6, "
        "storyboard = $7, preview_key = $8, updated_us = movio_now_us() WHERE id = $1",
        {sql(id.text()), sql(facts.measured_key), sql_or_null(facts.poster_key), sql(facts.rungs_json),
         sql_or_null(facts.actual_json), sql(facts.analysis_json), sql(facts.storyboard),
         sql_or_null(facts.preview_key)});
}

bool set_poster(SqlSession& session, VideoId id, const std::string& poster_key) {
    return session
               .run(
                   "UPDATE videos SET poster_key = $2, updated_us = movio_now_us() "
                   "WHERE id = $1 AND COALESCE(poster_key, '') <> $2",
                   {sql(id.text()), sql(poster_key)})
               .changed == 1;
}

void change_video(SqlSession& session, VideoId id, const VideoChange& change) {
    session.run(
        "UPDATE videos SET title = COALESCE($2, title), description = COALESCE($3, description), "
        "visibility = COALESCE($4, visibility), licence = COALESCE($5, licence), "
        "attribution = COALESCE($6, attribution), updated_us = movio_now_us() WHERE id = $1",
        {sql(id.text()), sql(change.title), sql(change.description), sql(change.visibility), sql(change.licence),
         sql(change.attribution)});
}

void set_details(SqlSession& session, const Video& video) {
    session.run(
        "UPDATE videos SET title = $2, description = $3, said_duration_us = $4, visibility = $5, licence = $6, "
        "attribution = $7, details_known = 1, updated_us = movio_now_us() WHERE id = $1",
        {sql(video.id.text()), sql(video.title), sql(video.description), sql(video.said_duration_us),
         sql(video.visibility), sql(video.licence), sql(video.attribution)});
}

void set_deleted(SqlSession& session, VideoId id, bool deleted) {
    session.run(
        "UPDATE videos SET deleted_us = CASE WHEN $2 = 1 THEN movio_now_us() END, updated_us = movio_now_us() "
        "WHERE id = $1",
        {sql(id.text()), sql(deleted)});
}

void set_owner(SqlSession& session, VideoId id, UserId owner) {
    session.run("UPDATE videos SET owner_id = $2, updated_us = movio_now_us() WHERE id = $1",
                {sql(id.text()), sql(owner.text())});
    session.run("DELETE FROM video_shares WHERE video_id = $1 AND user_id = $2", {sql(id.text()), sql(owner.text())});
}

std::vector<Video> list_videos(SqlSession& session, const VideoPageQuery& query) {
    std::string_view chosen = "owner_id = $1 AND deleted_us IS NULL";
    if (query.choice == VideoChoice::listed) chosen = sql_may_list(query.viewer);
    if (query.choice == VideoChoice::trash) chosen = "owner_id = $1 AND deleted_us IS NOT NULL";
    constexpr std::string_view kOrder = "ORDER BY created_us DESC, id DESC LIMIT $2";
    if (!query.after) {
        return videos_of(session.run(fmt::format("SELECT {} FROM videos WHERE {} {}", kColumns, chosen, kOrder),
                                     {sql_user(query.viewer), sql(query.limit)}));
    }
    return videos_of(session.run(
        fmt::format("SELECT {} FROM videos WHERE {} AND (created_us < $3 OR (created_us = $3 AND id < $4)) {}",
                    kColumns, chosen, kOrder),
        {sql_user(query.viewer), sql(query.limit), sql(query.after->first), sql(query.after->second)}));
}

std::vector<Video> find_videos(SqlSession& session, const Viewer& viewer, std::int64_t offset, std::int64_t limit) {
    return videos_of(
        session.run(fmt::format("SELECT {} FROM videos WHERE {} ORDER BY created_us DESC, id DESC LIMIT $2 OFFSET $3",
                                kColumns, sql_may_find(viewer)),
                    {sql_user(viewer), sql(limit), sql(offset)}));
}

std::int64_t count_videos(SqlSession& session, const Viewer& viewer) {
    return session.run(fmt::format("SELECT COUNT(*) FROM videos WHERE {}", sql_may_find(viewer)), {sql_user(viewer)})
        .rows.at(0)
        .integer(0);
}

}  // namespace movio::catalog
