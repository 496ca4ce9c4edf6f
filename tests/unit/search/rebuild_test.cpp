#include "search/rebuild.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/search/search_support.hpp"

namespace movio::search {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Rebuild, Index_becomes_what_the_catalog_says) {
    test::CatalogAndIndex all;
    const auto gone = all.add_film("gone word");
    const auto trashed = all.add_film("trashed word");
    const auto renamed = all.add_film("old word");
    all.add_track(gone, "en", {"gone"});
    all.catalog.loop.run(rebuild(all.catalog.database, all.index));
    EXPECT_THAT(all.films("word"), ElementsAre(renamed, trashed, gone));

    const auto added = all.add_film("added word");
    const auto track = all.add_track(added, "en", {"added"});
    all.catalog.write([gone](SqlSession& session) { catalog::erase_video(session, gone); });
    all.set_trashed(trashed, true);
    all.set(renamed, "title", "new word");
    const auto report = all.catalog.loop.run(rebuild(all.catalog.database, all.index));
    EXPECT_EQ(report.films, 3);
    EXPECT_EQ(report.removed, 1);
    EXPECT_THAT(all.films("word"), ElementsAre(added, renamed));
    EXPECT_THAT(all.films("old"), IsEmpty());
    EXPECT_THAT(all.tracks("gone"), IsEmpty());
    EXPECT_THAT(all.tracks("added"), ElementsAre(track));
}

TEST(Rebuild, Progress_is_told_film_by_film_and_search_answers_meanwhile) {
    test::CatalogAndIndex all;
    for (int i = 0; i < 450; ++i) all.add_film("word");
    std::vector<std::pair<std::int64_t, std::int64_t>> told;
    all.catalog.loop.run(rebuild(all.catalog.database, all.index, [&](std::int64_t done, std::int64_t total) {
        told.emplace_back(done, total);
        // The loop that rebuilds is busy right now; the index answers on another.
        if (done == 100) EXPECT_THAT(all.films("word"), SizeIs(10));
    }));
    ASSERT_THAT(told, SizeIs(451));
    EXPECT_EQ(told.front(), std::pair(std::int64_t{0}, std::int64_t{450}));
    EXPECT_EQ(told.back(), std::pair(std::int64_t{450}, std::int64_t{450}));
}

TEST(Rebuild, Empty_catalog_empties_the_index) {
    test::CatalogAndIndex all;
    const auto film = all.add_film("word");
    all.catalog.loop.run(rebuild(all.catalog.database, all.index));
    all.catalog.write([film](SqlSession& session) { catalog::erase_video(session, film); });
    const auto report = all.catalog.loop.run(rebuild(all.catalog.database, all.index));
    EXPECT_EQ(report.films, 0);
    EXPECT_EQ(report.removed, 1);
    EXPECT_THAT(all.films("word"), IsEmpty());
}

}  // namespace
}  // namespace movio::search
