#pragma once
#include <string>
#include <vector>

#include "catalog/film_watch.hpp"
#include "catalog/media_links.hpp"
#include "catalog/track_rows.hpp"
#include "catalog/video_rows.hpp"
#include "ledger/outbox.hpp"
#include "ports/blob_keys.hpp"
#include "support/sqlite_service.hpp"

namespace movio::test {

// Addresses without a host, or with one.
struct PlainLinks final : catalog::MediaLinks {
    explicit PlainLinks(std::string given = "") : host(std::move(given)) {}
    std::optional<catalog::PlaybackLinks> playback(const catalog::Viewer&, const catalog::Video& video) const override {
        if (video.status != catalog::VideoStatus::playable && video.status != catalog::VideoStatus::ready)
            return std::nullopt;
        catalog::PlaybackLinks links;
        links.dash_url = host + "/media/o/" + video.id.text() + "/1/main.mpd";
        links.hls_url = host + "/media/o/" + video.id.text() + "/1/main.m3u8";
        return links;
    }
    std::string caption(const catalog::Viewer&, const catalog::Video&,
                        const catalog::CaptionTrackRow& track) const override {
        return host + "/captions/" + track.language;
    }
    std::string host;
};

// The api's database with films in it.
struct FilmShelf {
    catalog::Video add(catalog::Video video) {
        video.id = VideoId::make();
        if (video.title.empty()) video.title = "film";
        if (video.filename.empty()) video.filename = "film.mkv";
        video.source_key = blob_keys::source(video.id, 1);
        service.write([&video](SqlSession& session) { catalog::insert_video(session, video); });
        return find(video.id).value();
    }
    std::optional<catalog::Video> find(VideoId id) {
        return service.read([id](SqlSession& session) { return catalog::find_video(session, id); });
    }
    void set_deleted(VideoId id, bool deleted = true) {
        service.write([&](SqlSession& session) { catalog::set_deleted(session, id, deleted); });
    }
    void hide(VideoId id) {
        service.write([id](SqlSession& session) {
            session.run(
                "UPDATE videos SET moderation = 'hidden', moderation_reason = 'because', moderated_us = 1 "
                "WHERE id = $1",
                {sql(id.text())});
        });
    }
    // By name and by a group, whichever its visibility asks for.
    void let_reach(VideoId id, UserId user) {
        service.write([&](SqlSession& session) {
            session.run("INSERT INTO video_shares (video_id, user_id, created_us) VALUES ($1, $2, 1)",
                        {sql(id.text()), sql(user.text())});
            session.run("INSERT INTO video_groups (video_id, group_id) VALUES ($1, $2)",
                        {sql(id.text()), sql("of " + user.text())});
            session.run("INSERT INTO group_members (group_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                        {sql("of " + user.text()), sql(user.text())});
        });
    }
    GroupId add_group(const std::string& name, const std::vector<UserId>& members) {
        const auto id = GroupId::make();
        service.write([&](SqlSession& session) {
            session.run("INSERT INTO user_groups (id, version, name, kind, deleted) VALUES ($1, 1, $2, 'course', 0)",
                        {sql(id.text()), sql(name)});
            for (const auto& member : members)
                session.run("INSERT INTO group_members (group_id, user_id) VALUES ($1, $2)",
                            {sql(id.text()), sql(member.text())});
        });
        return id;
    }
    void add_user(UserId id, const std::string& email) {
        service.write([&](SqlSession& session) {
            session.run(
                "INSERT INTO users (id, version, first_name, last_name, email, role, enabled, deleted, not_before_us) "
                "VALUES ($1, 1, 'Ada', 'Byron', $2, 'user', 1, 0, 0)",
                {sql(id.text()), sql(email)});
        });
    }
    // `what` follows "SELECT COUNT(*) FROM".
    std::int64_t count(const std::string& what) {
        return service.read(
            [&what](SqlSession& session) { return session.run("SELECT COUNT(*) FROM " + what).rows.at(0).integer(0); });
    }

    SqliteService service{"catalog"};
    ledger::Outbox outbox;
    catalog::FilmWatch watch;
    PlainLinks links;
};

}  // namespace movio::test
