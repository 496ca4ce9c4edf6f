#include "processing/film_rows.hpp"

#include <gtest/gtest.h>

#include "adapters/disk/blob_store.hpp"
#include "async/timing.hpp"
#include "processing/retention.hpp"
#include "support/sqlite_service.hpp"

namespace movio::processing {
namespace {

class FilmRows : public ::testing::Test {
protected:
    Film add(const std::string& retention) {
        Film film;
        film.key = {VideoId::make(), 1};
        film.source_key = "source/" + film.key.text();
        film.source_retention = retention;
        service.write([&film](SqlSession& session) { insert_film(session, film); });
        const auto view = as_bytes("bytes");
        service.loop.run(blobs.put(BlobKey(film.source_key), Bytes(view.begin(), view.end()))).value();
        return film;
    }
    void finish(const Film& film) {
        service.write([&film](SqlSession& session) { set_processed(session, film.key, "media/m"); });
    }
    bool has_source(const Film& film) { return service.loop.run(blobs.stat(BlobKey(film.source_key))).has_value(); }

    test::SqliteService service{"processing"};
    Pool disk{"disk", 1, 100};
    DiskBlobStore blobs{DiskBlobStoreOptions{.root = service.folder.path() / "blobs"}, disk};
};

TEST(FilmKeyText, Is_read_back_and_nothing_else_is) {
    const FilmKey key{VideoId::make(), 12};
    EXPECT_EQ(FilmKey::parse(key.text()), key);
    const std::string video = key.video.text();
    const std::vector<std::string> others{"", "x/1", video, video + "/", video + "/0", video + "/1x"};
    for (const auto& other : others) EXPECT_FALSE(FilmKey::parse(other)) << other;
}

TEST_F(FilmRows, A_film_is_taken_in_once) {
    auto film = add("keep");
    film.filename = "other";
    service.write([&film](SqlSession& session) { insert_film(session, film); });
    const auto found = service.read([&film](SqlSession& session) { return find_film(session, film.key); });
    ASSERT_TRUE(found);
    EXPECT_EQ(found->filename, "");
    EXPECT_EQ(found->state, FilmState::submitted);
}

TEST_F(FilmRows, Playable_is_the_first_time_and_processor_time_adds_up) {
    const auto film = add("keep");
    const auto found = [&] {
        return service.read([&film](SqlSession& session) { return find_film(session, film.key); }).value();
    };
    EXPECT_FALSE(found().playable_us);
    EXPECT_GT(found().created_us, 0);
    EXPECT_EQ(found().cpu_us, 0);
    service.write([&film](SqlSession& session) { set_playable(session, film.key); });
    const auto first = found().playable_us;
    ASSERT_TRUE(first);
    EXPECT_GE(*first, found().created_us);
    service.loop.run(sleep_for(std::chrono::milliseconds(2)));
    service.write([&film](SqlSession& session) {
        set_playable(session, film.key);
        add_cpu(session, film.key, 1500);
        add_cpu(session, film.key, 500);
    });
    EXPECT_EQ(found().playable_us, first);
    EXPECT_EQ(found().cpu_us, 2000);
}

TEST_F(FilmRows, First_artefact_row_wins) {
    const auto film = add("keep");
    const auto insert = [&](std::int64_t bytes) {
        return service.write([&film, bytes](SqlSession& session) {
            return insert_artefact(session, film.key, {"v-h264-360", 1, bytes, "sha", 96, 0}, "task", 1);
        });
    };
    EXPECT_TRUE(insert(10));
    EXPECT_FALSE(insert(20));
    const auto row =
        service.read([&film](SqlSession& session) { return find_artefact(session, film.key, "v-h264-360", 1); });
    EXPECT_EQ(row->bytes, 10);
}

TEST_F(FilmRows, Source_goes_only_when_the_film_is_finished_and_its_time_has_come) {
    const auto kept = add("keep");
    const auto deleted = add("delete");
    const auto later = add("days:3");
    const auto unfinished = add("delete");
    for (const auto* film : {&kept, &deleted, &later}) finish(*film);
    EXPECT_EQ(service.loop.run(retire_sources(service.database, blobs)), 1);
    EXPECT_TRUE(has_source(kept));
    EXPECT_FALSE(has_source(deleted));
    EXPECT_TRUE(has_source(later));
    EXPECT_TRUE(has_source(unfinished));
    service.write(
        [](SqlSession& session) { session.run("UPDATE films SET ended_us = ended_us - 3 * 86400000000 - 1"); });
    EXPECT_EQ(service.loop.run(retire_sources(service.database, blobs)), 1);
    EXPECT_FALSE(has_source(later));
    EXPECT_TRUE(has_source(kept));
    EXPECT_TRUE(has_source(unfinished));
}

TEST_F(FilmRows, Source_that_cannot_be_removed_does_not_keep_the_others) {
    Film bad;
    bad.key = {VideoId{}, 1};  // the first row
    bad.source_key = "no//key";
    bad.source_retention = "delete";
    service.write([&bad](SqlSession& session) { insert_film(session, bad); });
    finish(bad);
    const auto good = add("delete");
    finish(good);
    EXPECT_EQ(service.loop.run(retire_sources(service.database, blobs)), 1);
    EXPECT_FALSE(has_source(good));
}

}  // namespace
}  // namespace movio::processing
