#include "processing/film_service.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "adapters/disk/blob_store.hpp"
#include "adapters/memory/event_bus.hpp"
#include "adapters/memory/task_queue.hpp"
#include "base/limits.hpp"
#include "ports/blob_keys.hpp"
#include "processing/task_plan.hpp"
#include "support/media_films.hpp"
#include "support/sqlite_service.hpp"

namespace movio::processing {
namespace {

constexpr std::int64_t kSegments = 40;

// The worker's side with a film that is planned and on which nobody works.
class FilmServiceTest : public ::testing::Test {
protected:
    void SetUp() override {
        films.subscribe(bus, service.loop.executor());
        const std::string text = media::to_json(plan);
        const auto view = as_bytes(text);
        const BlobKey plan_key(blob_keys::plan(key.video, key.revision));
        service.loop.run(blobs.put(plan_key, Bytes(view.begin(), view.end()))).value();
        job = service.write([this](SqlSession& session) {
            const auto added = ledger.add_job(session, {std::string(kFilmJob), key.text()});
            ledger.add_tasks(session, added.id, {index_task(ledger::Priority::bulk)});
            return added.id;
        });
    }
    void TearDown() override { service.loop.run(bus.stop()); }

    void wish(std::int64_t n) {
        Event event;
        event.id = EventId::make();
        event.type = "segment.wanted";
        event.video = key.video;
        event.revision = key.revision;
        event.data = R"({"rendition":"v-h264-360","n":)" + std::to_string(n) + "}";
        service.loop.run(bus.publish(std::move(event)));
    }
    void tell(const std::string& type) { tell(type, key); }
    void tell(const std::string& type, const FilmKey& film) {
        Event event;
        event.id = EventId::make();
        event.type = type;
        event.video = film.video;
        event.revision = film.revision;
        event.data = R"({"source_key":"source/x/1","filename":"x.mkv"})";
        service.loop.run(bus.publish(std::move(event)));
    }
    std::vector<std::string> wishes() {
        std::vector<std::string> keys;
        const auto found = service.loop.run(ledger.find(job)).value();
        for (const auto& task : found.tasks)
            if (task.kind == task_kind::kSegment) keys.push_back(task.key);
        return keys;
    }

    const FilmKey key{VideoId::make(), 1};
    const media::Plan plan =
        media::make_plan(media::test::index_of(media::test::picture_track(640, 360, {25, 1}, kSegments * 100)), {})
            .value();
    test::SqliteService service{"processing"};
    Pool disk{"disk", 1, 100};
    DiskBlobStore blobs{DiskBlobStoreOptions{.root = service.folder.path() / "blobs"}, disk};
    MemoryTaskQueue bell;
    InProcessEventBus bus;
    ledger::Ledger ledger{service.database, bell, "worker"};
    ledger::Outbox outbox;
    PlanCache plans{blobs};
    WishBook wishes_heard;
    FilmService films{service.database, ledger, outbox, plans, wishes_heard, "keep"};
    JobId job;
};

TEST_F(FilmServiceTest, Only_the_latest_wishes_wait) {
    for (std::int64_t n = 1; n <= kSegments; ++n) wish(n);
    const auto waiting = wishes();
    ASSERT_EQ(waiting.size(), static_cast<std::size_t>(limits::kWishesWaitingMax));
    EXPECT_EQ(waiting.front(), "v-h264-360/25");
    EXPECT_EQ(waiting.back(), "v-h264-360/40");
    wish(1);
    EXPECT_EQ(wishes().back(), "v-h264-360/1") << "a wish that was dropped may come again";
}

TEST_F(FilmServiceTest, Wish_that_nobody_repeats_goes_before_one_that_somebody_waits_for) {
    wish(1);
    for (std::int64_t n = 2; n <= 8; ++n) wish(n);
    std::this_thread::sleep_for(limits::kWishLife - std::chrono::milliseconds(500));
    wish(1);
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
    wish(20);
    EXPECT_THAT(wishes(), ::testing::ElementsAre("v-h264-360/1", "v-h264-360/20"));
}

TEST_F(FilmServiceTest, Job_that_is_tried_again_forgets_its_wishes) {
    wish(3);
    ASSERT_TRUE(service.loop.run(films.cancel_job(job)));
    ASSERT_TRUE(service.loop.run(films.retry_job(job)));
    EXPECT_THAT(wishes(), ::testing::IsEmpty());
    const auto found = service.loop.run(ledger.find(job)).value();
    EXPECT_EQ(found.tasks.at(0).state, ledger::TaskState::ready);
}

TEST_F(FilmServiceTest, Task_that_is_tried_again_opens_its_film) {
    service.write([&](SqlSession& session) {
        Film film;
        film.key = key;
        insert_film(session, film);
        set_planned(session, key, blob_keys::plan(key.video, key.revision));
    });
    const auto task = service.loop.run(ledger.find(job))->tasks.at(0).id;
    ASSERT_TRUE(service.loop.run(films.cancel_job(job)));
    ASSERT_TRUE(service.loop.run(films.retry_task(task)));
    EXPECT_EQ(service.loop.run(ledger.find(job))->job.state, ledger::JobState::running);
    service.read([&](SqlSession& session) {
        EXPECT_EQ(find_film(session, key)->state, FilmState::planned);
        const auto told = session.run("SELECT type FROM outbox ORDER BY created_us, id");
        EXPECT_EQ(told.rows.back().text(0), "video.planned") << "the api shows it as being made again";
    });
    EXPECT_EQ(service.loop.run(films.retry_task(task)).error().code, ErrorCode::conflict);
    EXPECT_EQ(service.loop.run(films.retry_task(TaskId::make())).error().code, ErrorCode::not_found);
}

TEST_F(FilmServiceTest, Deleted_film_is_worked_on_no_more_and_leaves_only_its_row) {
    const ArtefactRow segment{"v-h264-360", 1, 100, std::string(64, 'a'), 100, 0};
    service.write([&](SqlSession& session) {
        Film film;
        film.key = key;
        insert_film(session, film);
        ASSERT_TRUE(insert_artefact(session, key, segment, "task", 1));
    });
    const auto lease =
        service.loop.run(ledger.claim({std::string(task_kind::kIndex)}, ledger::Priority::bulk, "worker"));
    ASSERT_TRUE(lease);
    tell("video.deleted");
    EXPECT_EQ(service.loop.run(ledger.find(job))->job.state, ledger::JobState::cancelled);
    EXPECT_FALSE(service.loop.run(ledger.renew(lease->lease))) << "whoever works on it hears of it";
    service.read([&](SqlSession& session) {
        EXPECT_TRUE(is_deleted(session, key));
        EXPECT_TRUE(artefact_counts(session, key).empty());
        EXPECT_TRUE(session.run("SELECT 1 FROM outbox").empty()) << "nobody is told that it was cancelled";
    });
    // What was on its way.
    EXPECT_FALSE(service.write([&](SqlSession& session) { return insert_artefact(session, key, segment, "task", 1); }));
    EXPECT_EQ(service.loop.run(films.retry_job(job)).error().code, ErrorCode::conflict);
    EXPECT_EQ(service.loop.run(films.retry_task(lease->lease.task)).error().code, ErrorCode::conflict);
    tell("video.submitted");
    service.read([&](SqlSession& session) { EXPECT_FALSE(ledger.open_job(session, kFilmJob, key.text())); });
}

TEST_F(FilmServiceTest, Film_that_was_deleted_before_it_was_heard_of_is_not_begun) {
    const FilmKey other{VideoId::make(), 1};
    tell("video.deleted", other);
    tell("video.submitted", other);
    service.read([&](SqlSession& session) { EXPECT_FALSE(ledger.open_job(session, kFilmJob, other.text())); });
}

}  // namespace
}  // namespace movio::processing
