#include "catalog/film_watch.hpp"

#include <gtest/gtest.h>

namespace movio::catalog {
namespace {

TEST(FilmWatch, Tells_only_those_who_asked_for_the_film_until_they_leave) {
    FilmWatch watch;
    const auto film = VideoId::make();
    int one = 0;
    int all = 0;
    auto subscription = watch.subscribe({film}, [&one](VideoId) { ++one; });
    const auto everything = watch.subscribe({}, [&all](VideoId) { ++all; });
    watch.changed(film);
    watch.changed(VideoId::make());
    EXPECT_EQ(one, 1);
    EXPECT_EQ(all, 2);
    subscription = {};
    watch.changed(film);
    EXPECT_EQ(one, 1);
    EXPECT_EQ(all, 3);
}

TEST(FilmWatch, Progress_is_kept_until_it_is_cleared) {
    FilmWatch watch;
    const auto film = VideoId::make();
    EXPECT_FALSE(watch.progress(film));
    watch.set_progress(film, {42, "encode", 7, 0});
    EXPECT_EQ(watch.progress(film)->percent, 42);
    watch.clear_progress(film);
    EXPECT_FALSE(watch.progress(film));
}

}  // namespace
}  // namespace movio::catalog
