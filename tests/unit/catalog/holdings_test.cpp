#include "catalog/holdings.hpp"

#include <gtest/gtest.h>

#include "support/films.hpp"

namespace movio::catalog {
namespace {

class HoldingsTest : public test::FilmShelf, public ::testing::Test {
protected:
    VideoId film(VideoStatus status, std::int64_t bytes) {
        Video video;
        video.status = status;
        video.source_bytes = bytes;
        return add(std::move(video)).id;
    }
};

TEST_F(HoldingsTest, Tell_what_is_kept_in_the_trash_and_on_its_way) {
    film(VideoStatus::ready, 100);
    film(VideoStatus::submitted, 20);
    set_deleted(film(VideoStatus::ready, 7));
    film(VideoStatus::uploading, 3000);
    const auto found = service.loop.run(holdings(service.database));
    EXPECT_EQ(found.kept.films, 2);
    EXPECT_EQ(found.kept.bytes, 120);
    EXPECT_EQ(found.trash.films, 1);
    EXPECT_EQ(found.trash.bytes, 7);
    EXPECT_EQ(found.uploading.films, 1);
    EXPECT_EQ(found.uploading.bytes, 3000);
}

TEST_F(HoldingsTest, Of_nothing_are_zero) {
    const auto found = service.loop.run(holdings(service.database));
    EXPECT_EQ(found.kept.films + found.trash.films + found.uploading.films, 0);
}

}  // namespace
}  // namespace movio::catalog
