#include "playback/wish_bounds.hpp"

#include <gtest/gtest.h>

#include <iterator>
#include <list>

namespace movio::playback {
namespace {

class WishBoundsTest : public ::testing::Test {
protected:
    bool wish(VideoId video, const std::string& key, const std::string& viewer) {
        auto share = bounds.hold(video, key, viewer);
        if (share) held.push_back(std::move(*share));
        return share.has_value();
    }

    const VideoId film = VideoId::make();
    const VideoId other_film = VideoId::make();
    WishBounds bounds{{.viewer = 2, .video = 3, .all = 4, .wishers = 7}};
    std::list<WishBounds::Held> held;
};

TEST_F(WishBoundsTest, One_viewer_has_so_many_segments_at_once) {
    EXPECT_TRUE(wish(film, "a/1", "ann"));
    EXPECT_TRUE(wish(other_film, "b/1", "ann"));
    EXPECT_FALSE(wish(film, "a/2", "ann"));
    EXPECT_TRUE(wish(film, "a/2", "ben")) << "others have their own";
    EXPECT_TRUE(wish(film, "a/1", "ann")) << "asked twice it is still one segment";
    held.erase(held.begin(), std::next(held.begin(), 2));
    EXPECT_TRUE(wish(film, "a/3", "ann")) << "b/1 is not waited for any more";
    EXPECT_FALSE(wish(film, "a/4", "ann")) << "a/1 still is, by the second request";
}

TEST_F(WishBoundsTest, One_film_has_so_many_segments_at_once_however_many_ask) {
    EXPECT_TRUE(wish(film, "a/1", "ann"));
    EXPECT_TRUE(wish(film, "a/2", "ben"));
    EXPECT_TRUE(wish(film, "a/3", "cid"));
    EXPECT_FALSE(wish(film, "a/4", "dan"));
    EXPECT_TRUE(wish(film, "a/3", "dan")) << "what is being made anyway costs nothing more";
    EXPECT_TRUE(wish(other_film, "b/1", "dan"));
    held.erase(held.begin());
    EXPECT_TRUE(wish(film, "a/4", "eve"));
}

TEST_F(WishBoundsTest, All_films_have_so_many_segments_at_once) {
    EXPECT_TRUE(wish(film, "a/1", "ann"));
    EXPECT_TRUE(wish(film, "a/2", "ben"));
    EXPECT_TRUE(wish(other_film, "b/1", "cid"));
    EXPECT_TRUE(wish(other_film, "b/2", "dan"));
    EXPECT_FALSE(wish(VideoId::make(), "c/1", "eve"));
    EXPECT_TRUE(wish(film, "a/1", "eve"));
    held.clear();
    EXPECT_TRUE(wish(VideoId::make(), "c/1", "eve"));
}

TEST_F(WishBoundsTest, So_many_requests_wait_at_once) {
    for (const char* viewer : {"1", "2", "3", "4", "5", "6", "7"}) EXPECT_TRUE(wish(film, "a/1", viewer));
    EXPECT_FALSE(wish(film, "a/1", "8"));
    held.pop_back();
    EXPECT_TRUE(wish(film, "a/1", "8"));
}

}  // namespace
}  // namespace movio::playback
