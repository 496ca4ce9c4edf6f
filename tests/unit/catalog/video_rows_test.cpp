#include "catalog/video_rows.hpp"

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "catalog/catalog.hpp"
#include "catalog/track_rows.hpp"
#include "ports/blob_keys.hpp"
#include "support/sqlite_service.hpp"

namespace movio::catalog {
namespace {

struct NoLinks final : MediaLinks {
    std::optional<PlaybackLinks> playback(const Viewer&, const Video&) const override { return std::nullopt; }
    std::string caption(const Viewer&, const Video&, const CaptionTrackRow& track) const override {
        return "/captions/" + track.language;
    }
};

class VideoRows : public ::testing::Test {
protected:
    Video add(const std::string& title, VideoStatus status = VideoStatus::submitted) {
        Video video;
        video.id = VideoId::make();
        video.title = title;
        video.filename = title + ".mkv";
        video.source_key = blob_keys::source(video.id, 1);
        video.status = status;
        video.owner_id = owner.text();
        service.write([&video](SqlSession& session) { insert_video(session, video); });
        return video;
    }
    Video get(VideoId id) {
        return service.read([id](SqlSession& session) { return find_video(session, id); }).value();
    }
    bool move(VideoId id, VideoStatus to) {
        return service.write([id, to](SqlSession& session) { return advance(session, id, to); });
    }

    Viewer viewer() const { return {.user = owner}; }

    UserId owner = UserId::make();
    test::SqliteService service{"catalog"};
};

TEST_F(VideoRows, What_was_written_is_read_back) {
    const auto video = add("তীস্তা ' OR 1=1");
    const auto found = get(video.id);
    EXPECT_EQ(found.title, "তীস্তা ' OR 1=1");
    EXPECT_EQ(found.status, VideoStatus::submitted);
    EXPECT_EQ(found.revision, 1);
    EXPECT_FALSE(found.failure);
    EXPECT_FALSE(found.duration_ms);
    EXPECT_GT(found.created_us, 0);
}

TEST_F(VideoRows, Time_until_a_film_plays_counts_once_from_its_last_byte) {
    const auto id = add("film").id;
    const auto receive = [&](std::optional<std::int64_t> received_us) {
        service.write([&](SqlSession& session) { set_source(session, id, 100, received_us); });
    };
    receive(wall_now_us() - 5'000'000);
    EXPECT_FALSE(playable_after_ms(get(id)));
    move(id, VideoStatus::processing);
    EXPECT_FALSE(playable_after_ms(get(id)));
    move(id, VideoStatus::playable);
    const auto first = playable_after_ms(get(id));
    ASSERT_TRUE(first);
    EXPECT_GE(*first, 5000);
    EXPECT_LT(*first, 65'000);
    move(id, VideoStatus::ready);
    EXPECT_EQ(playable_after_ms(get(id)), first);
    receive(std::nullopt);
    EXPECT_FALSE(playable_after_ms(get(id))) << "nobody knows when the last byte came";
    receive(wall_now_us() + 3'600'000'000);
    EXPECT_FALSE(playable_after_ms(get(id))) << "the clock was set";
}

TEST_F(VideoRows, Film_that_is_whole_at_once_has_been_playable_since_then) {
    const auto id = add("film").id;
    move(id, VideoStatus::processing);
    move(id, VideoStatus::ready);
    EXPECT_TRUE(get(id).playable_us);
}

TEST_F(VideoRows, Status_goes_only_forward_except_from_failed) {
    const auto id = add("film").id;
    EXPECT_TRUE(move(id, VideoStatus::playable));
    EXPECT_FALSE(move(id, VideoStatus::processing));
    EXPECT_FALSE(move(id, VideoStatus::playable));
    EXPECT_TRUE(service.write(
        [id](SqlSession& session) { return fail_video(session, id, {"damaged", "It is damaged", "x"}); }));
    EXPECT_EQ(get(id).failure->code, "damaged");
    EXPECT_FALSE(move(id, VideoStatus::ready));
    EXPECT_TRUE(move(id, VideoStatus::processing));
    EXPECT_FALSE(get(id).failure);
    EXPECT_TRUE(move(id, VideoStatus::ready));
    EXPECT_FALSE(service.write([id](SqlSession& session) { return fail_video(session, id, {"internal", "", ""}); }));
}

TEST_F(VideoRows, Later_failure_replaces_the_reason) {
    const auto id = add("film").id;
    const auto fail_with = [this, id](const std::string& code) {
        return service.write(
            [id, &code](SqlSession& session) { return fail_video(session, id, {code, "It failed", ""}); });
    };
    EXPECT_TRUE(fail_with("timeout"));
    EXPECT_TRUE(fail_with("damaged"));
    EXPECT_EQ(get(id).failure->code, "damaged");
}

TEST_F(VideoRows, Pages_follow_each_other_without_gap_or_repeat_while_films_are_added) {
    std::vector<std::string> expected;
    for (int i = 0; i < 25; ++i) expected.insert(expected.begin(), add("film " + std::to_string(i)).id.text());
    FilmWatch watch;
    const NoLinks links;
    Catalog catalog(service.database, watch, links, std::chrono::days(30));
    std::vector<std::string> seen;
    std::optional<std::string> cursor;
    do {
        auto page = service.loop.run(catalog.list(viewer(), {.cursor = cursor, .limit = 7})).value();
        for (const auto& item : page.items) seen.push_back(item.video.id.text());
        cursor = page.next;
        add("added meanwhile");
    } while (cursor);
    EXPECT_EQ(seen, expected);
}

TEST_F(VideoRows, Cursor_of_somebody_else_is_refused) {
    FilmWatch watch;
    const NoLinks links;
    Catalog catalog(service.database, watch, links, std::chrono::days(30));
    for (const char* bad :
         {"", "x", "12", "12-", "-", "12-not-an-id", "99999999999999999999-01890a5d-ac96-774b-bcce-b302099a8057"})
        EXPECT_EQ(service.loop.run(catalog.list({}, {.cursor = bad})).error().code, ErrorCode::invalid) << bad;
}

TEST_F(VideoRows, Uploading_films_are_not_listed) {
    add("half", VideoStatus::uploading);
    FilmWatch watch;
    const NoLinks links;
    Catalog catalog(service.database, watch, links, std::chrono::days(30));
    EXPECT_TRUE(service.loop.run(catalog.list({}, {}))->items.empty());
}

TEST_F(VideoRows, Tracks_keep_their_cues_in_order_and_their_flags) {
    const auto video = add("film");
    CaptionTrackRow track;
    track.id = TrackId::make();
    track.video = video.id;
    track.language = "bn";
    track.label = "বাংলা";
    track.origin = "stream:3";
    track.forced = true;
    const std::vector<CueRow> cues{{"b", 10, 20, "<i>one</i>", "one", ""}, {"a", 15, 30, "two", "two", "line:0"}};
    service.write([&](SqlSession& session) { insert_track(session, track, cues); });
    const auto found =
        service.read([&](SqlSession& session) { return find_embedded_track(session, video.id, "stream:3"); });
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->forced);
    EXPECT_FALSE(found->is_default);
    EXPECT_EQ(found->label, "বাংলা");
    const auto stored = service.read([&](SqlSession& session) { return cues_of(session, track.id); });
    ASSERT_EQ(stored.size(), 2U);
    EXPECT_EQ(stored[0].cue_id, "b");
    EXPECT_EQ(stored[1].settings, "line:0");
    // The same stream of the source gives one track however often its event comes.
    track.id = TrackId::make();
    EXPECT_THROW(service.write([&](SqlSession& session) { insert_track(session, track, {}); }), Failure);
}

}  // namespace
}  // namespace movio::catalog
