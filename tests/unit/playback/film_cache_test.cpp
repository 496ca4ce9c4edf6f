#include "playback/film_cache.hpp"

#include <gtest/gtest.h>

#include "adapters/disk/blob_store.hpp"
#include "catalog/decisions.hpp"
#include "catalog/film_edits.hpp"
#include "catalog/reports.hpp"
#include "support/films.hpp"

namespace movio::playback {
namespace {

class FilmCacheTest : public test::FilmShelf, public ::testing::Test {
protected:
    bool is_there(VideoId id) { return service.loop.run(films.find(id)) != nullptr; }

    Pool disk{"disk", 1, 100};
    DiskBlobStore blobs{DiskBlobStoreOptions{.root = service.folder.path() / "blobs"}, disk};
    FilmCache films{service.database, blobs};
    catalog::FilmWatch::Subscription updates = watch.subscribe({}, [this](VideoId id) { films.forget(id); });
    catalog::FilmEdits edits{service.database, outbox, watch};
};

TEST_F(FilmCacheTest, Film_in_the_trash_is_not_there_from_that_moment_on) {
    const catalog::Viewer owner{.user = UserId::make()};
    catalog::Video given;
    given.owner_id = owner.user->text();
    given.status = catalog::VideoStatus::ready;
    const auto id = add(given).id;
    EXPECT_TRUE(is_there(id));
    ASSERT_TRUE(service.loop.run(edits.trash(owner, id)));
    EXPECT_FALSE(is_there(id));
    ASSERT_TRUE(service.loop.run(edits.restore(owner, id)));
    EXPECT_TRUE(is_there(id));
}

TEST_F(FilmCacheTest, What_a_moderator_decides_counts_from_that_moment_on) {
    catalog::Decisions decisions{service.database, outbox, watch};
    const catalog::Viewer moderator{.user = UserId::make(), .moderator = true};
    catalog::Video given;
    given.status = catalog::VideoStatus::ready;
    const auto id = add(given).id;
    const auto state = [&] { return service.loop.run(films.find(id))->video.moderation.has_value(); };
    EXPECT_FALSE(state());
    ASSERT_TRUE(service.loop.run(decisions.decide(moderator, id, "hide", "because")));
    EXPECT_TRUE(state());
    ASSERT_TRUE(service.loop.run(decisions.decide(moderator, id, "restore", "because")));
    EXPECT_FALSE(state());
}

TEST_F(FilmCacheTest, Report_is_known_when_the_film_is_read_anew) {
    catalog::Reports reports{service.database};
    catalog::Video given;
    given.status = catalog::VideoStatus::ready;
    const auto id = add(given).id;
    EXPECT_EQ(service.loop.run(films.find(id))->video.open_reports, 0);
    ASSERT_TRUE(service.loop.run(reports.add({}, id, "spam", "")));
    films.forget(id);
    EXPECT_EQ(service.loop.run(films.find(id))->video.open_reports, 1);
}

TEST_F(FilmCacheTest, What_is_known_is_kept_until_somebody_says_otherwise) {
    catalog::Video given;
    given.status = catalog::VideoStatus::ready;
    const auto id = add(given).id;
    EXPECT_TRUE(is_there(id));
    set_deleted(id);
    EXPECT_TRUE(is_there(id)) << "nobody said so yet, and a second has not passed";
    films.forget(id);
    EXPECT_FALSE(is_there(id));
}

}  // namespace
}  // namespace movio::playback
