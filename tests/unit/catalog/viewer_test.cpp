#include "catalog/viewer.hpp"

#include <set>

#include <gtest/gtest.h>

#include "support/films.hpp"

namespace movio::catalog {
namespace {

constexpr std::array kStatuses{VideoStatus::uploading, VideoStatus::submitted, VideoStatus::processing,
                               VideoStatus::playable,  VideoStatus::ready,     VideoStatus::failed};
constexpr std::array kVisibilities{"public", "internal", "group", "shared", "unlisted", "private"};

const UserId kOwner = UserId::make();
const Viewer kStranger;
const Viewer kMine{.user = kOwner};
const Viewer kOther{.user = UserId::make()};
const Viewer kAdmin{.user = UserId::make(), .admin = true};

Video film(VideoStatus status, std::string visibility, std::optional<std::int64_t> deleted_us = {}) {
    Video video;
    video.owner_id = kOwner.text();
    video.status = status;
    video.visibility = std::move(visibility);
    video.deleted_us = deleted_us;
    return video;
}

TEST(Viewer, Owner_sees_and_lists_all_that_is_not_in_the_trash) {
    for (const auto status : kStatuses)
        for (const auto* visibility : kVisibilities) {
            EXPECT_TRUE(may_see(kMine, film(status, visibility)));
            EXPECT_TRUE(may_find(kMine, film(status, visibility)));
            EXPECT_TRUE(may_list(kMine, film(status, visibility)));
            EXPECT_TRUE(may_change(kMine, film(status, visibility)));
            EXPECT_FALSE(may_see(kMine, film(status, visibility, 1)));
            EXPECT_FALSE(may_list(kMine, film(status, visibility, 1)));
            EXPECT_TRUE(may_change(kMine, film(status, visibility, 1)));
        }
}

TEST(Viewer, Others_see_public_and_unlisted_films_that_are_uploaded) {
    for (const auto& viewer : {kStranger, kOther})
        for (const auto status : kStatuses)
            for (const std::string visibility : kVisibilities) {
                const auto video = film(status, visibility);
                const bool uploaded = status != VideoStatus::uploading;
                const bool plays = status == VideoStatus::playable || status == VideoStatus::ready;
                EXPECT_EQ(may_see(viewer, video), uploaded && (visibility == "public" || visibility == "unlisted"));
                EXPECT_EQ(may_find(viewer, video), uploaded && visibility == "public");
                EXPECT_EQ(may_list(viewer, video), plays && visibility == "public");
                EXPECT_FALSE(may_change(viewer, video));
            }
}

TEST(Viewer, Admins_see_and_change_what_is_uploaded_and_list_what_others_do) {
    EXPECT_TRUE(may_see(kAdmin, film(VideoStatus::failed, "private")));
    EXPECT_FALSE(may_see(kAdmin, film(VideoStatus::uploading, "public")));
    EXPECT_FALSE(may_list(kAdmin, film(VideoStatus::ready, "private")));
    EXPECT_TRUE(may_change(kAdmin, film(VideoStatus::ready, "private", 1)));
}

TEST(Viewer, A_film_of_nobody_is_owned_by_nobody) {
    Video video = film(VideoStatus::ready, "private");
    video.owner_id.clear();
    EXPECT_FALSE(owns(kStranger, video));
    EXPECT_FALSE(owns(kMine, video));
}

// The conditions in SQL choose exactly what the functions do.
TEST(Viewer, Database_agrees) {
    test::FilmShelf shelf;
    std::vector<Video> all;
    for (const auto status : kStatuses)
        for (const auto* visibility : kVisibilities)
            for (const bool deleted : {false, true}) {
                if (status == VideoStatus::failed) continue;  // needs a reason, and is chosen like `submitted`
                auto video = shelf.add(film(status, visibility));
                if (deleted) shelf.set_deleted(video.id);
                all.push_back(shelf.find(video.id).value());
            }
    for (const auto& viewer : {kStranger, kMine, kOther, kAdmin}) {
        std::set<VideoId> wanted_found;
        std::set<VideoId> wanted_listed;
        for (const auto& video : all) {
            if (may_find(viewer, video)) wanted_found.insert(video.id);
            if (may_list(viewer, video)) wanted_listed.insert(video.id);
        }
        std::set<VideoId> found;
        std::set<VideoId> listed;
        shelf.service.read([&](SqlSession& session) {
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
