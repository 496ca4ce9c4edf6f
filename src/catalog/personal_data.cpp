#include "catalog/personal_data.hpp"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "audit/personal_part.hpp"
#include "base/clock.hpp"
#include "base/json.hpp"
#include "catalog/audience.hpp"
#include "catalog/track_rows.hpp"
#include "catalog/video_rows.hpp"
#include "catalog/video_view.hpp"

namespace movio::catalog {
namespace {

constexpr int kCuesAtOnce = 500;  // of at most limits::kCueTextBytesMax each

std::optional<std::string> time_or_null(const std::optional<std::int64_t>& time_us) {
    return time_us ? std::optional(rfc3339(*time_us)) : std::nullopt;
}

void write_audience(JsonWriter& json, SqlSession& session, VideoId id) {
    json.key("shared_with").begin_array();
    for (const auto& person : people_of(session, id)) json.value(person.email);
    json.end_array().key("groups").begin_array();
    for (const auto& group : groups_of(session, id)) write(json, group);
    json.end_array();
}

void write_tracks(JsonWriter& json, SqlSession& session, VideoId id) {
    json.key("captions").begin_array();
    for (const auto& track : tracks_of(session, id))
        json.begin_object()
            .member("id", track.id.text())
            .member("language", track.language)
            .member("label", track.label)
            .member("source", track.source)
            .member("created_at", rfc3339(track.created_us))
            .end_object();
    json.end_array();
}

void write_video(JsonWriter& json, const SqlRow& row, SqlSession& session) {
    const auto video = find_video(session, VideoId::parse(row.text(0)).value()).value();
    json.begin_object()
        .member("id", video.id.text())
        .member("title", video.title)
        .member("custom_title", video.custom_title)
        .member("description", video.description)
        .member("visibility", video.visibility)
        .member("licence", video.licence)
        .member("attribution", video.attribution)
        .member("status", to_text(video.status))
        .member("filename", video.filename)
        .member("bytes", video.source_bytes)
        .member("duration_ms", video.duration_ms)
        .member("created_at", rfc3339(video.created_us))
        .member("changed_at", rfc3339(video.updated_us))
        .member("deleted_at", time_or_null(video.deleted_us));
    write_moderation(json, video.moderation);
    write_audience(json, session, video.id);
    write_tracks(json, session, video.id);
    json.end_object();
}

void write_link(JsonWriter& json, const SqlRow& row, SqlSession&) {
    json.begin_object()
        .member("id", row.text(0))
        .member("video_id", row.text(1))
        .key("origins")
        .raw(row.text(2))
        .member("created_at", rfc3339(row.integer(3)))
        .member("expires_at", rfc3339(row.integer(4)))
        .member("revoked", row.flag(5))
        .end_object();
}

void write_share(JsonWriter& json, const SqlRow& row, SqlSession&) {
    json.begin_object().member("video_id", row.text(0)).member("since", rfc3339(row.integer(1))).end_object();
}

void write_report(JsonWriter& json, const SqlRow& row, SqlSession&) {
    const auto closed_us = row.integer_or_null(5);
    json.begin_object()
        .member("id", row.text(0))
        .member("video_id", row.text(1))
        .member("reason", row.text(2))
        .member("text", row.text(3))
        .member("created_at", rfc3339(row.integer(4)))
        .member("closed_at", time_or_null(closed_us))
        .end_object();
}

void write_decision(JsonWriter& json, const SqlRow& row, SqlSession&) {
    json.begin_object()
        .member("id", row.text(0))
        .member("video_id", row.text(1))
        .member("decision", row.text(2))
        .member("reason", row.text(3))
        .member("decided_at", rfc3339(row.integer(4)))
        .end_object();
}

// Where captions go on: behind a whole track, or within one.
struct CuePlace {
    std::string track;
    std::optional<std::int64_t> seq;  // the last one that was given

    static CuePlace parse(const std::string& after) {
        CuePlace place;
        const auto space = after.find(' ');
        place.track = after.substr(0, space);
        if (space == std::string::npos) return place;
        std::int64_t seq = 0;
        std::from_chars(after.data() + space + 1, after.data() + after.size(), seq);
        place.seq = seq;
        return place;
    }
};

PersonalPage captions_page(SqlSession& session, UserId user, const std::string& after) {
    const auto place = CuePlace::parse(after);
    const auto found =
        session.run(fmt::format("SELECT t.id, t.video_id, t.language FROM tracks t JOIN videos v ON v.id = t.video_id "
                                "WHERE v.owner_id = $1 AND t.id {} $2 ORDER BY t.id LIMIT 1",
                                place.seq ? ">=" : ">"),
                    {sql(user.text()), sql(place.track)});
    if (found.empty()) return {};
    const auto& track = found.rows.front();
    // The track may have gone meanwhile; then this is the next one.
    const auto behind = place.seq && track.text(0) == place.track ? *place.seq : -1;
    const auto cues = session.run(
        "SELECT seq, start_ms, end_ms, text FROM cues WHERE track_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        {sql(track.text(0)), sql(behind), sql(kCuesAtOnce)});
    JsonWriter json;
    json.begin_object()
        .member("track_id", track.text(0))
        .member("video_id", track.text(1))
        .member("language", track.text(2))
        .key("cues")
        .begin_array();
    for (const auto& cue : cues.rows)
        json.begin_object()
            .member("start_ms", cue.integer(1))
            .member("end_ms", cue.integer(2))
            .member("text", cue.text(3))
            .end_object();
    json.end_array().end_object();
    const bool more = cues.rows.size() == static_cast<std::size_t>(kCuesAtOnce);
    return {{json.take()}, more ? fmt::format("{} {}", track.text(0), cues.rows.back().integer(0)) : track.text(0)};
}

PersonalPage quota_page(const QuotaState& state) {
    JsonWriter json;
    write(json, state);
    return {{json.take()}, ""};
}

}  // namespace

std::vector<PersonalPart> personal_parts(Database& database, const Quotas& quotas) {
    auto quota = [&database, &quotas](UserId user, const std::string&) {
        return database.read([&quotas, user](SqlSession& session) { return quota_page(quotas.find(session, user)); });
    };
    auto captions = [&database](UserId user, std::string after) {
        return database.read(
            [user, after = std::move(after)](SqlSession& session) { return captions_page(session, user, after); });
    };
    return {{"quota", false, std::move(quota)},
            personal_list(database, "videos",
                          "SELECT id FROM videos WHERE owner_id = $1 AND id > $2 ORDER BY id LIMIT $3", &write_video),
            {"captions", true, std::move(captions)},
            personal_list(database, "embed_links",
                          "SELECT l.id, l.video_id, l.origins, l.created_us, l.expires_us, l.revoked "
                          "FROM embed_links l JOIN videos v ON v.id = l.video_id "
                          "WHERE v.owner_id = $1 AND l.id > $2 ORDER BY l.id LIMIT $3",
                          &write_link),
            personal_list(database, "shared_with_me",
                          "SELECT video_id, created_us FROM video_shares WHERE user_id = $1 AND video_id > $2 "
                          "ORDER BY video_id LIMIT $3",
                          &write_share),
            personal_list(database, "reports",
                          "SELECT id, video_id, reason, text, created_us, closed_us FROM reports "
                          "WHERE reporter_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                          &write_report),
            personal_list(database, "decisions",
                          "SELECT id, video_id, decision, reason, decided_us FROM decisions "
                          "WHERE decided_by = $1 AND id > $2 ORDER BY id LIMIT $3",
                          &write_decision),
            audit::personal_part(database, "video_actions")};
}

}  // namespace movio::catalog
