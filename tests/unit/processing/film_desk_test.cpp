#include "processing/film_desk.hpp"

#include <gmock/gmock.h>

#include "adapters/disk/blob_store.hpp"
#include "adapters/memory/task_queue.hpp"
#include "processing/task_plan.hpp"
#include "support/sqlite_service.hpp"

namespace movio::processing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FilmDeskTest : public ::testing::Test {
protected:
    JobId add(const FilmKey& key, const std::string& filename, UserId owner) {
        return service.write([&](SqlSession& session) {
            Film film;
            film.key = key;
            film.filename = filename;
            film.owner_id = owner.text();
            insert_film(session, film);
            const auto job = ledger.add_job(session, {std::string(kFilmJob), key.text()});
            ledger.add_tasks(session, job.id, {index_task(ledger::Priority::bulk)});
            return job.id;
        });
    }
    std::vector<JobId> listed(ledger::JobFilter filter) {
        ledger::JobQuery query;
        query.also = desk.only(std::move(filter));
        std::vector<JobId> ids;
        for (const auto& job : service.loop.run(ledger.list(query)).items) ids.push_back(job.id);
        return ids;
    }

    test::SqliteService service{"processing"};
    Pool disk{"disk", 1, 100};
    DiskBlobStore blobs{DiskBlobStoreOptions{.root = service.folder.path() / "blobs"}, disk};
    MemoryTaskQueue bell;
    ledger::Ledger ledger{service.database, bell, "worker"};
    ledger::Outbox outbox;
    ledger::TaskRunner runner{ledger, service.loop.executor(), {.owner = "local", .classes = {}}};
    PlanCache plans{blobs};
    WishBook wishes;
    FilmService films{service.database, ledger, outbox, plans, wishes, "keep"};
    sandbox::MediaProcesses media{{.executable = "/bin/true"}};
    ledger::JobDesk desk = film_desk(service.database, ledger, runner, films, media);
    const UserId ada = UserId::make();
    const UserId bob = UserId::make();
};

TEST_F(FilmDeskTest, Jobs_are_found_by_owner_file_and_film) {
    const FilmKey first{VideoId::make(), 1}, second{VideoId::make(), 1};
    const auto one = add(first, "Lecture 1.MKV", ada);
    const auto two = add(second, "holiday.mp4", bob);
    EXPECT_THAT(listed({}), ElementsAre(two, one));
    EXPECT_THAT(listed({.owner = ada, .text = {}}), ElementsAre(one));
    EXPECT_THAT(listed({.owner = {}, .text = "lecture 1"}), ElementsAre(one));
    EXPECT_THAT(listed({.owner = {}, .text = second.video.text()}), ElementsAre(two));
    EXPECT_THAT(listed({.owner = bob, .text = "lecture"}), IsEmpty());
    EXPECT_THAT(listed({.owner = {}, .text = "_ecture"}), IsEmpty());
}

TEST_F(FilmDeskTest, Jobs_are_named_by_their_files) {
    const FilmKey key{VideoId::make(), 1};
    add(key, "lecture.mkv", ada);
    const auto about = service.loop.run(desk.about({key.text(), "something else"}));
    ASSERT_EQ(about.size(), 1U);
    EXPECT_EQ(about.at(key.text()).text, "lecture.mkv");
    EXPECT_EQ(about.at(key.text()).video, key.video);
    EXPECT_EQ(about.at(key.text()).owner, ada);
}

TEST_F(FilmDeskTest, Deleted_film_is_not_made_again) {
    const FilmKey key{VideoId::make(), 1};
    const auto job = add(key, "lecture.mkv", ada);
    service.write([&](SqlSession& session) {
        set_deleted(session, key);
        ledger.cancel(session, job);
    });
    EXPECT_EQ(service.loop.run(desk.retry(job)).error().code, ErrorCode::conflict);
    const auto task = service.loop.run(ledger.find(job))->tasks.at(0).id;
    EXPECT_EQ(service.loop.run(desk.retry_task(task)).error().code, ErrorCode::conflict);
    EXPECT_TRUE(desk.processes().empty());
}

}  // namespace
}  // namespace movio::processing
