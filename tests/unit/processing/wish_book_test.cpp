#include "processing/wish_book.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "base/limits.hpp"

namespace movio::processing {
namespace {

TEST(WishBook, Wish_lapses_when_nobody_repeats_it) {
    const FilmKey film{VideoId::make(), 1};
    WishBook book;
    EXPECT_FALSE(book.is_wanted(film, "v-h264-360/7"));
    book.heard(film, "v-h264-360/7");
    book.heard(film, "v-h264-360/8");
    EXPECT_TRUE(book.is_wanted(film, "v-h264-360/7"));
    EXPECT_FALSE(book.is_wanted({film.video, 2}, "v-h264-360/7"));
    EXPECT_FALSE(book.is_wanted(film, "v-h264-360/70"));
    std::this_thread::sleep_for(limits::kWishLife / 2);
    book.heard(film, "v-h264-360/8");
    std::this_thread::sleep_for(limits::kWishLife / 2 + std::chrono::milliseconds(100));
    EXPECT_FALSE(book.is_wanted(film, "v-h264-360/7"));
    EXPECT_TRUE(book.is_wanted(film, "v-h264-360/8"));
}

TEST(WishBook, Wishes_outlive_the_pause_between_two_of_a_player_that_is_refused) {
    EXPECT_GT(limits::kWishLife, 2 * limits::kWishAgain + std::chrono::seconds(1));
}

}  // namespace
}  // namespace movio::processing
