#include "playback/media_guard.hpp"

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "catalog/audience.hpp"
#include "catalog/embed_links.hpp"
#include "support/films.hpp"
#include "unit/playback/playback_support.hpp"

namespace movio::playback {
namespace {

class MediaGuardTest : public movio::test::FilmShelf, public ::testing::Test {
protected:
    MediaGuardTest() {
        video.owner_id = owner.text();
        video.status = catalog::VideoStatus::ready;
        video.visibility = "private";
        video = add(std::move(video));
        video.duration_ms = 90 * 60'000;
    }
    std::int64_t now_s() const { return wall_now_us() / 1'000'000; }
    std::string pass_for(UserId viewer, std::int64_t expires_s) const {
        return tokens.write(video.id, {viewer.uuid(), expires_s});
    }
    bool allows(const std::string& access, const std::string& name = "v-h264-360/1.m4s") {
        MediaAddress address;
        address.access = access;
        address.video = video.id;
        address.revision = 1;
        address.name = name;
        return service.loop.run(guard.allows(address, video));
    }

    const UserId owner = UserId::make();
    const UserId other = UserId::make();
    catalog::Video video;
    access::KeyRing keys{{{"id", std::string(32, 'k'), 1}}};
    MediaTokens tokens{keys, MacForm::hmac_sha256};
    test::GivenStandings standings;
    MediaGuard guard{tokens, standings, service.database};
};

TEST_F(MediaGuardTest, Open_address_shows_what_a_stranger_may_see) {
    for (const auto& [visibility, seen] : std::map<std::string, bool>{{"public", true},
                                                                      {"unlisted", true},
                                                                      {"internal", false},
                                                                      {"group", false},
                                                                      {"shared", false},
                                                                      {"private", false}}) {
        video.visibility = visibility;
        EXPECT_EQ(allows("o"), seen) << visibility;
    }
    video.visibility = "public";
    video.deleted_us = 1;
    EXPECT_FALSE(allows("o"));
}

TEST_F(MediaGuardTest, Pass_shows_what_its_viewer_may_see_now) {
    const auto soon = now_s() + 4 * 3600;
    EXPECT_TRUE(allows(pass_for(owner, soon)));
    EXPECT_FALSE(allows(pass_for(other, soon)));
    EXPECT_FALSE(allows(pass_for(UserId(), soon)));
    standings.known[other] = {.role = access::Role::admin};
    EXPECT_TRUE(allows(pass_for(other, soon)));
    standings.known[other].role = access::Role::viewer;
    EXPECT_FALSE(allows(pass_for(other, soon)));
    standings.known[owner] = {.enabled = false};
    EXPECT_FALSE(allows(pass_for(owner, soon)));
    standings.known[owner].enabled = true;
    EXPECT_TRUE(allows(pass_for(owner, soon)));
    video.deleted_us = 1;
    EXPECT_FALSE(allows(pass_for(owner, soon)));
}

TEST_F(MediaGuardTest, Hidden_film_is_shown_to_owner_and_moderators_alone) {
    video.visibility = "public";
    const auto soon = now_s() + 4 * 3600;
    EXPECT_TRUE(allows("o"));
    video.moderation = catalog::Moderation{"hidden", "because", 1};
    EXPECT_FALSE(allows("o"));
    EXPECT_TRUE(allows(pass_for(owner, soon)));
    for (const auto& [role, seen] : {std::pair(access::Role::viewer, false), std::pair(access::Role::uploader, false),
                                     std::pair(access::Role::moderator, true), std::pair(access::Role::admin, true)}) {
        standings.known[other] = {.role = role};
        EXPECT_EQ(allows(pass_for(other, soon)), seen) << access::to_text(role);
    }
}

TEST_F(MediaGuardTest, Moderators_play_what_is_reported_while_it_is) {
    const auto soon = now_s() + 4 * 3600;
    standings.known[other] = {.role = access::Role::moderator};
    EXPECT_FALSE(allows(pass_for(other, soon)));
    video.open_reports = 1;
    EXPECT_TRUE(allows(pass_for(other, soon)));
    standings.known[other].role = access::Role::uploader;
    EXPECT_FALSE(allows(pass_for(other, soon)));
}

TEST_F(MediaGuardTest, Pass_of_somebody_named_counts_as_long_as_they_are) {
    const auto pass = pass_for(other, now_s() + 4 * 3600);
    for (const char* level : {"shared", "group"}) {
        video.visibility = level;
        EXPECT_FALSE(allows(pass)) << level;
        let_reach(video.id, other);
        EXPECT_TRUE(allows(pass)) << level;
        video.visibility = "private";
        EXPECT_FALSE(allows(pass));
        service.write([&](SqlSession& session) { catalog::forget_person(session, other); });
        video.visibility = level;
        EXPECT_FALSE(allows(pass)) << level;
        service.write([](SqlSession& session) { session.run("DELETE FROM video_groups"); });
    }
    video.visibility = "internal";
    EXPECT_TRUE(allows(pass));
    EXPECT_FALSE(allows("o"));
}

TEST_F(MediaGuardTest, Pass_of_a_link_counts_until_it_is_taken_back) {
    catalog::EmbedLinks embed_links(service.database);
    const catalog::Viewer mine{.user = owner};
    const auto make = [&](VideoId id) {
        return service.loop.run(embed_links.make(mine, id, {"https://school.example"}, 3600)).value().link.id;
    };
    const auto link = make(video.id);
    const auto soon = now_s() + 4 * 3600;
    const auto pass = pass_for(UserId(link.uuid()), soon);
    for (const char* level : {"private", "shared", "group", "internal"}) {
        video.visibility = level;
        EXPECT_TRUE(allows(pass)) << level;
        EXPECT_TRUE(allows(pass, "main.mpd")) << level;
    }
    catalog::Video other_film;
    other_film.owner_id = owner.text();
    other_film.status = catalog::VideoStatus::ready;
    EXPECT_FALSE(allows(pass_for(UserId(make(add(std::move(other_film)).id).uuid()), soon)));
    video.visibility = "private";
    ASSERT_TRUE(service.loop.run(embed_links.revoke(mine, video.id, link)));
    for (const char* level : {"private", "shared", "group", "internal"}) {
        video.visibility = level;
        EXPECT_FALSE(allows(pass)) << level;
    }
    video.visibility = "public";
    EXPECT_TRUE(allows(pass)) << "as everybody";
}

TEST_F(MediaGuardTest, Pass_of_another_film_and_none_at_all_show_nothing) {
    const auto soon = now_s() + 4 * 3600;
    EXPECT_FALSE(allows(tokens.write(VideoId::make(), {owner.uuid(), soon})));
    EXPECT_FALSE(allows(""));
    EXPECT_FALSE(allows("O"));
}

TEST_F(MediaGuardTest, Pass_begins_no_film_that_would_be_cut_and_carries_on_what_was_begun) {
    const std::int64_t run = 2 * 90 * 60;
    const auto ending = pass_for(owner, now_s() + run - 1);
    for (const char* beginning : {"main.mpd", "main.m3u8"}) {
        EXPECT_TRUE(allows(pass_for(owner, now_s() + run + 60), beginning));
        EXPECT_FALSE(allows(ending, beginning));
    }
    for (const char* name : {"v-h264-360/1.m4s", "v-h264-360.m3u8", "image/poster.jpg", "text/x/1.vtt"}) {
        EXPECT_TRUE(allows(ending, name)) << name;
        EXPECT_FALSE(allows(pass_for(owner, now_s()), name)) << name;
    }
}

}  // namespace
}  // namespace movio::playback
