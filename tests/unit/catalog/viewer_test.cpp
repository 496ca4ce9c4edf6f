#include "catalog/viewer.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "catalog/audience.hpp"
#include "support/films.hpp"

namespace movio::catalog {
namespace {

constexpr std::array kStatuses{VideoStatus::uploading, VideoStatus::submitted, VideoStatus::processing,
                               VideoStatus::playable,  VideoStatus::ready,     VideoStatus::failed};
constexpr std::array kLevels{"public", "internal", "group", "shared", "unlisted", "private"};

const UserId kOwner = UserId::make();
const Viewer kStranger;
const Viewer kMine{.user = kOwner};
const Viewer kOther{.user = UserId::make()};
const Viewer kModerator{.user = UserId::make(), .moderator = true};
const Viewer kAdmin{.user = UserId::make(), .admin = true};

Video film(VideoStatus status, std::string visibility, std::optional<std::int64_t> deleted_us = {}) {
    Video video;
    video.owner_id = kOwner.text();
    video.status = status;
    video.visibility = std::move(visibility);
    video.deleted_us = deleted_us;
    return video;
}

Video hidden(VideoStatus status, std::string visibility) {
    auto video = film(status, std::move(visibility));
    video.moderation = Moderation{"hidden", "because", 1};
    return video;
}

bool plays(VideoStatus status) { return status == VideoStatus::playable || status == VideoStatus::ready; }

TEST(Viewer, Owner_sees_and_lists_all_that_is_not_in_the_trash) {
    for (const auto status : kStatuses)
        for (const auto* visibility : kLevels) {
            EXPECT_TRUE(may_see(kMine, film(status, visibility), false));
            EXPECT_TRUE(may_find(kMine, film(status, visibility), false));
            EXPECT_TRUE(may_list(kMine, film(status, visibility), false));
            EXPECT_TRUE(may_change(kMine, film(status, visibility)));
            EXPECT_FALSE(may_see(kMine, film(status, visibility, 1), false));
            EXPECT_FALSE(may_list(kMine, film(status, visibility, 1), false));
            EXPECT_TRUE(may_change(kMine, film(status, visibility, 1)));
        }
}

TEST(Viewer, Others_see_what_is_for_them_once_it_is_uploaded) {
    for (const auto& viewer : {kStranger, kOther})
        for (const bool reached : {false, true})
            for (const auto status : kStatuses)
                for (const std::string visibility : kLevels) {
                    const auto video = film(status, visibility);
                    const bool named = reached && (visibility == "shared" || visibility == "group");
                    const bool for_them = visibility == "public" || (visibility == "internal" && viewer.user) || named;
                    const bool uploaded = status != VideoStatus::uploading;
                    EXPECT_EQ(may_see(viewer, video, reached), uploaded && (for_them || visibility == "unlisted"));
                    EXPECT_EQ(may_find(viewer, video, reached), uploaded && for_them);
                    EXPECT_EQ(may_list(viewer, video, reached), plays(status) && for_them);
                    EXPECT_FALSE(may_see(viewer, film(status, visibility, 1), reached));
                    EXPECT_FALSE(may_change(viewer, video));
                }
}

TEST(Viewer, Admins_see_and_change_what_is_uploaded_and_list_what_others_do) {
    EXPECT_TRUE(may_see(kAdmin, film(VideoStatus::failed, "private"), false));
    EXPECT_FALSE(may_see(kAdmin, film(VideoStatus::uploading, "public"), false));
    EXPECT_FALSE(may_list(kAdmin, film(VideoStatus::ready, "private"), false));
    EXPECT_TRUE(may_change(kAdmin, film(VideoStatus::ready, "private", 1)));
}

TEST(Viewer, Hidden_film_is_seen_by_owner_and_moderators_and_listed_to_the_owner_alone) {
    const Viewer by_link{.link = LinkViewer{EmbedLinkId::make()}};
    for (const auto status : kStatuses)
        for (const std::string visibility : kLevels)
            for (const bool reached : {false, true}) {
                const auto video = hidden(status, visibility);
                const bool uploaded = status != VideoStatus::uploading;
                EXPECT_FALSE(is_open(video));
                for (const auto& viewer : {kStranger, kOther, by_link, kModerator, kAdmin}) {
                    EXPECT_EQ(may_see(viewer, video, reached), uploaded && moderates(viewer));
                    EXPECT_FALSE(may_find(viewer, video, reached));
                    EXPECT_FALSE(may_list(viewer, video, reached));
                }
                EXPECT_TRUE(may_see(kMine, video, reached) && may_find(kMine, video, reached));
                EXPECT_TRUE(may_list(kMine, video, reached));
            }
}

TEST(Viewer, Moderators_see_what_others_do_and_what_is_reported_and_list_nothing_more) {
    for (const auto status : kStatuses)
        for (const std::string visibility : kLevels) {
            auto video = film(status, visibility);
            EXPECT_EQ(may_see(kModerator, video, false), may_see(kOther, video, false));
            video.open_reports = 1;
            EXPECT_EQ(may_see(kModerator, video, false), status != VideoStatus::uploading);
            EXPECT_EQ(may_see(kOther, video, false), may_see(kOther, film(status, visibility), false));
            EXPECT_EQ(may_find(kModerator, video, false), may_find(kOther, video, false));
            EXPECT_EQ(may_list(kModerator, video, false), may_list(kOther, video, false));
            EXPECT_FALSE(may_change(kModerator, video));
        }
}

TEST(Viewer, A_link_shows_its_film_at_every_level_and_lists_nothing_more) {
    const Viewer by_link{.link = LinkViewer{EmbedLinkId::make()}};
    for (const auto status : kStatuses)
        for (const std::string visibility : kLevels)
            for (const bool reached : {false, true}) {
                const auto video = film(status, visibility);
                const bool open = visibility == "public" || visibility == "unlisted";
                EXPECT_EQ(may_see(by_link, video, reached), status != VideoStatus::uploading && (open || reached));
                EXPECT_EQ(may_find(by_link, video, reached), may_find(kStranger, video, false));
                EXPECT_EQ(may_list(by_link, video, reached), may_list(kStranger, video, false));
                EXPECT_FALSE(may_change(by_link, video));
                EXPECT_FALSE(may_see(by_link, film(status, visibility, 1), reached));
            }
}

TEST(Viewer, A_film_of_nobody_is_owned_by_nobody) {
    Video video = film(VideoStatus::ready, "private");
    video.owner_id.clear();
    EXPECT_FALSE(owns(kStranger, video));
    EXPECT_FALSE(owns(kMine, video));
}

TEST(Viewer, What_is_offered_is_what_there_is) { EXPECT_TRUE(std::ranges::equal(kVisibilities, kLevels)); }

// The conditions in SQL choose exactly what the functions do.
TEST(Viewer, Database_agrees) {
    test::FilmShelf shelf;
    std::vector<Video> all;
    for (const auto status : kStatuses)
        for (const auto* visibility : kLevels)
            for (const bool deleted : {false, true})
                for (const auto& [named, is_hidden] :
                     {std::pair(false, false), std::pair(true, false), std::pair(false, true), std::pair(true, true)}) {
                    if (status == VideoStatus::failed) continue;  // needs a reason, and is chosen like `submitted`
                    auto video = shelf.add(film(status, visibility));
                    if (deleted) shelf.set_deleted(video.id);
                    if (is_hidden) shelf.hide(video.id);
                    if (named) shelf.let_reach(video.id, *kOther.user);
                    all.push_back(shelf.find(video.id).value());
                }
    for (const auto& viewer : {kStranger, kMine, kOther, kModerator, kAdmin}) {
        std::set<VideoId> wanted_found;
        std::set<VideoId> wanted_listed;
        std::set<VideoId> found;
        std::set<VideoId> listed;
        shelf.service.read([&](SqlSession& session) {
            const auto reach = films_that_reach(session, viewer);
            for (const auto& video : all) {
                const bool reached = reaches(session, viewer, video);
                EXPECT_EQ(std::ranges::binary_search(reach, video.id.text()), reached);
                if (may_find(viewer, video, reached)) wanted_found.insert(video.id);
                if (may_list(viewer, video, reached)) wanted_listed.insert(video.id);
            }
            for (const auto& video : find_videos(session, viewer, 0, 1000)) found.insert(video.id);
            EXPECT_EQ(count_videos(session, viewer), static_cast<std::int64_t>(found.size()));
            VideoPageQuery query;
            query.viewer = viewer;
            query.limit = 1000;
            for (const auto& video : list_videos(session, query)) listed.insert(video.id);
        });
        EXPECT_EQ(found, wanted_found);
        EXPECT_EQ(listed, wanted_listed);
    }
}

}  // namespace
}  // namespace movio::catalog
