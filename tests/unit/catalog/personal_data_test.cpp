#include "catalog/personal_data.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <gtest/gtest.h>

#include "catalog/audience.hpp"
#include "catalog/decisions.hpp"
#include "catalog/reports.hpp"
#include "support/films.hpp"

namespace movio::catalog {
namespace {

class PersonalFilms : public test::FilmShelf, public ::testing::Test {
protected:
    Video add_film(UserId owner, std::string title) {
        Video video;
        video.owner_id = owner.text();
        video.title = std::move(title);
        video.status = VideoStatus::ready;
        return add(video);
    }
    TrackId add_track(VideoId video, int cues) {
        CaptionTrackRow track;
        track.id = TrackId::make();
        track.video = video;
        track.language = "en";
        track.label = "English";
        track.origin = "stream:" + std::to_string(cues);
        std::vector<CueRow> rows;
        for (int i = 0; i < cues; ++i)
            rows.push_back({.cue_id = std::to_string(i),
                            .start_ms = i * 1000LL,
                            .end_ms = i * 1000LL + 900,
                            .text = "line " + std::to_string(i),
                            .plain = "",
                            .settings = ""});
        service.write([&](SqlSession& session) { insert_track(session, track, rows); });
        return track.id;
    }
    std::vector<JsonView> read(std::string_view name) {
        std::vector<JsonView> items;
        for (const auto& part : personal_parts(service.database, quotas)) {
            if (part.name != name) continue;
            std::string after;
            do {
                auto page = service.loop.run(part.page(ada, after));
                for (const auto& item : page.items) items.push_back(JsonView::parse(item).value());
                after = std::move(page.after);
            } while (!after.empty());
        }
        return items;
    }

    const UserId ada = UserId::make();
    const UserId eve = UserId::make();
    Quotas quotas{service.database, {}, access::Role::uploader};
};

TEST_F(PersonalFilms, Are_ones_own_those_in_the_trash_too) {
    add_user(eve, "eve@example.org");
    const auto mine = add_film(ada, "Mine");
    const auto thrown_away = add_film(ada, "Thrown away");
    set_deleted(thrown_away.id);
    const auto foreign = add_film(eve, "Foreign");
    service.write([&](SqlSession& session) { (void)share_with(session, mine, {"eve@example.org"}); });
    let_reach(foreign.id, ada);
    add_track(mine.id, 1);
    add_track(foreign.id, 1);

    const auto videos = read("videos");
    ASSERT_EQ(videos.size(), 2);
    EXPECT_EQ(videos[0].text_or("title", ""), "Mine");
    EXPECT_EQ(videos[0].find("shared_with")->at(0).text(), "eve@example.org");
    EXPECT_EQ(videos[0].find("captions")->at(0).text_or("label", ""), "English");
    EXPECT_TRUE(videos[0].find("deleted_at")->is_null());
    EXPECT_TRUE(videos[1].find("deleted_at")->text());
    ASSERT_EQ(read("captions").size(), 1);
    EXPECT_EQ(read("captions")[0].text_or("video_id", ""), mine.id.text());
    ASSERT_EQ(read("shared_with_me").size(), 1);
    EXPECT_EQ(read("shared_with_me")[0].text_or("video_id", ""), foreign.id.text());
    ASSERT_EQ(read("quota").size(), 1);
    EXPECT_EQ(read("quota")[0].find("bytes")->integer_or("used", -1), 0);
}

TEST_F(PersonalFilms, Have_all_lines_of_their_captions_a_piece_at_a_time) {
    const auto mine = add_film(ada, "Mine");
    for (const int cues : {0, 1, 499, 500, 501, 1200}) add_track(mine.id, cues);
    std::map<std::string, std::int64_t> lines;
    std::int64_t expected_start = 0;
    std::string before;
    for (const auto& piece : read("captions")) {
        const auto cues = piece.find("cues").value();
        EXPECT_LE(cues.size(), 500);
        const auto track = piece.text_or("track_id", "");
        if (track != before) expected_start = 0;
        before = track;
        for (std::size_t i = 0; i < cues.size(); ++i, expected_start += 1000)
            EXPECT_EQ(cues.at(i).integer_or("start_ms", -1), expected_start);
        lines[track] += static_cast<std::int64_t>(cues.size());
    }
    std::vector<std::int64_t> counts;
    for (const auto& [track, count] : lines) counts.push_back(count);
    std::ranges::sort(counts);
    EXPECT_EQ(counts, (std::vector<std::int64_t>{0, 1, 499, 500, 501, 1200}));
}

TEST_F(PersonalFilms, Are_told_with_what_was_decided_on_them) {
    const auto mine = add_film(ada, "Mine");
    hide(mine.id);
    service.write([&](SqlSession& session) {
        session.run("UPDATE videos SET licence = 'CC-BY-4.0', attribution = 'Ada' WHERE id = $1",
                    {sql(mine.id.text())});
    });
    const auto told = read("videos").at(0);
    EXPECT_EQ(told.text_or("licence", ""), "CC-BY-4.0");
    EXPECT_EQ(told.text_or("attribution", ""), "Ada");
    EXPECT_EQ(told.find("moderation")->text_or("reason", ""), "because");
}

TEST_F(PersonalFilms, Reports_and_decisions_are_those_that_one_made) {
    add_user(ada, "ada@example.org");
    add_user(eve, "eve@example.org");
    const auto film = add_film(eve, "Foreign");
    const auto other = add_film(eve, "Other");
    Reports reports(service.database);
    Decisions decisions(service.database, outbox, watch);
    const Viewer moderator{.user = ada, .moderator = true};
    for (const auto& [viewer, video, text] :
         {std::tuple(Viewer{.user = ada}, film.id, "It is mine"), std::tuple(Viewer{.user = eve}, film.id, "Or mine"),
          std::tuple(Viewer{}, film.id, "Ours"), std::tuple(Viewer{.user = ada}, other.id, "And this")})
        ASSERT_TRUE(service.loop.run(reports.add(viewer, video, "other", text)));
    ASSERT_TRUE(service.loop.run(decisions.decide(moderator, film.id, "hide", "Hers", {})));
    ASSERT_TRUE(service.loop.run(decisions.decide({.user = eve, .admin = true}, other.id, "hide", "Not hers", {})));

    const auto made = read("reports");
    ASSERT_EQ(made.size(), 2);
    EXPECT_EQ(made[0].text_or("video_id", ""), film.id.text());
    EXPECT_EQ(made[0].text_or("text", ""), "It is mine");
    EXPECT_TRUE(made[0].find("closed_at")->text());
    EXPECT_EQ(made[1].text_or("text", ""), "And this");
    const auto decided = read("decisions");
    ASSERT_EQ(decided.size(), 1);
    EXPECT_EQ(decided[0].text_or("decision", ""), "hide");
    EXPECT_EQ(decided[0].text_or("reason", ""), "Hers");
}

TEST_F(PersonalFilms, Tell_their_links_without_tokens) {
    const auto mine = add_film(ada, "Mine");
    service.write([&](SqlSession& session) {
        session.run(
            "INSERT INTO embed_links (id, video_id, token_hash, origins, created_us, expires_us, revoked) "
            "VALUES ($1, $2, 'the hash', '[\"https://school.example\"]', 1, 2, 1)",
            {sql(Uuid::make().text()), sql(mine.id.text())});
    });
    const auto links = read("embed_links");
    ASSERT_EQ(links.size(), 1);
    EXPECT_EQ(links[0].find("origins")->at(0).text(), "https://school.example");
    EXPECT_TRUE(links[0].boolean_or("revoked", false));
    EXPECT_FALSE(links[0].serialize().contains("hash"));
}

}  // namespace
}  // namespace movio::catalog
