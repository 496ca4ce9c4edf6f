#include "catalog/trash.hpp"

#include <gtest/gtest.h>

#include "adapters/disk/blob_store.hpp"
#include "adapters/memory/event_bus.hpp"
#include "adapters/memory/task_queue.hpp"
#include "async/timing.hpp"
#include "catalog/film_events.hpp"
#include "support/films.hpp"

namespace movio::catalog {
namespace {

class TrashTest : public test::FilmShelf, public ::testing::Test {
protected:
    // A film with a blob of each kind and a caption track.
    Video film() {
        Video given;
        given.status = VideoStatus::ready;
        const auto video = add(given);
        CaptionTrackRow track;
        track.id = TrackId::make();
        track.video = video.id;
        service.write([&](SqlSession& session) { insert_track(session, track, {{"a", 0, 1, "x", "x", ""}}); });
        for (const auto& key :
             {video.source_key, blob_keys::plan(video.id, 1), blob_keys::segment(video.id, 2, "v-h264-360", 1),
              blob_keys::caption(video.id, track.id, 1), blob_keys::raw_cues(video.id, 1, "2")})
            put(key);
        return video;
    }
    void put(const std::string& key) { service.loop.run(blobs.put(BlobKey(key), Bytes(3))).value(); }
    void put_into_trash(VideoId id, int days_ago) {
        service.write([&](SqlSession& session) {
            session.run("UPDATE videos SET deleted_us = movio_now_us() - $2 * 86400000000 WHERE id = $1",
                        {sql(id.text()), sql(days_ago)});
        });
    }
    std::size_t blobs_left() { return service.loop.run(blobs.list("", std::nullopt)).items.size(); }

    Awaitable<void> run_jobs_to_their_end() {
        ledger::RunnerOptions options;
        options.owner = "test";
        options.classes = {{"all", 1, ledger::Priority::bulk}};
        options.poll_every = std::chrono::milliseconds(20);
        ledger::TaskRunner runner(ledger, service.loop.executor(), options);
        trash.register_with(runner);
        runner.start();
        for (;;) {
            const auto page = co_await ledger.list({.state = ledger::JobState::running});
            if (page.items.empty()) break;
            co_await sleep_for(std::chrono::milliseconds(10));
        }
        co_await runner.stop();
    }

    Pool disk{"disk", 1, 100};
    DiskBlobStore blobs{DiskBlobStoreOptions{.root = service.folder.path() / "blobs"}, disk};
    MemoryTaskQueue bell;
    ledger::Ledger ledger{service.database, bell, "api"};
    Trash trash{service.database, blobs, ledger,
                outbox,           watch, TrashOptions{std::chrono::days(30), std::chrono::milliseconds(300)}};
};

TEST_F(TrashTest, Only_what_has_lain_there_long_enough_is_purged) {
    const auto kept = film();
    const auto young = film();
    const auto old = film();
    put_into_trash(young.id, 29);
    put_into_trash(old.id, 30);
    EXPECT_EQ(service.loop.run(trash.purge()), 1);
    EXPECT_TRUE(find(kept.id));
    EXPECT_TRUE(find(young.id));
    EXPECT_FALSE(find(old.id));
    EXPECT_EQ(count("tracks"), 2);
    EXPECT_EQ(count("outbox WHERE type = 'video.deleted'"), 1);
    service.loop.run(run_jobs_to_their_end());
    EXPECT_EQ(blobs_left(), 10U);
    EXPECT_TRUE(service.loop.run(blobs.list("media/" + old.id.text(), std::nullopt)).items.empty());
    EXPECT_EQ(service.loop.run(trash.purge()), 0);
}

// Rows, event and the job that removes the blobs come in one transaction: if it does not commit, nothing has happened.
TEST_F(TrashTest, Purge_that_fails_has_not_begun) {
    const auto video = film();
    put_into_trash(video.id, 40);
    service.write([](SqlSession& session) {
        session.run(
            "CREATE TRIGGER no_jobs BEFORE INSERT ON tasks BEGIN SELECT RAISE(ABORT, 'the power went out'); END");
    });
    EXPECT_THROW(service.loop.run(trash.purge()), Failure);
    EXPECT_TRUE(find(video.id));
    EXPECT_EQ(count("outbox"), 0);
    EXPECT_EQ(count("jobs"), 0);
    EXPECT_EQ(blobs_left(), 5U);
    service.write([](SqlSession& session) { session.run("DROP TRIGGER no_jobs"); });
    EXPECT_EQ(service.loop.run(trash.purge()), 1);
    service.loop.run(run_jobs_to_their_end());
    EXPECT_EQ(blobs_left(), 0U);
}

TEST_F(TrashTest, What_the_worker_still_stores_goes_too) {
    const auto video = film();
    put_into_trash(video.id, 31);
    EXPECT_EQ(service.loop.run(trash.purge()), 1);
    const auto first = service.loop.run(ledger.claim({"purge.blobs"}, ledger::Priority::bulk, "first"));
    ASSERT_TRUE(first);
    // The program dies while the task is leased; its next life takes it up.
    put(blob_keys::segment(video.id, 1, "v-h264-360", 7));
    service.loop.run(ledger.release_owner("first"));
    service.loop.run(run_jobs_to_their_end());
    EXPECT_EQ(blobs_left(), 0U);
}

TEST_F(TrashTest, More_films_than_one_step_takes_all_go) {
    Video given;
    given.status = VideoStatus::ready;
    for (int i = 0; i < 130; ++i) put_into_trash(add(given).id, 31);
    EXPECT_EQ(service.loop.run(trash.purge()), 130);
    EXPECT_EQ(count("videos"), 0);
}

TEST_F(TrashTest, What_is_told_of_a_purged_film_is_of_no_use_and_no_harm) {
    InProcessEventBus bus;
    FilmEvents events{service.database, blobs, ledger, outbox, watch};
    events.subscribe(bus, service.loop.executor());
    for (const auto* type : {"video.planned", "video.processed", "video.failed", "subtitle.extracted"}) {
        Event event;
        event.id = EventId::make();
        event.type = type;
        event.video = VideoId::make();
        event.revision = 1;
        event.data = R"({"plan_key":"gone","measured_key":"gone","track":1})";
        service.loop.run(bus.publish(event));
    }
    EXPECT_EQ(count("outbox"), 0);
    EXPECT_EQ(count("jobs"), 0);
    service.loop.run(bus.stop());
}

}  // namespace
}  // namespace movio::catalog
