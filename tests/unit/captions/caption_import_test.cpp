#include "captions/caption_import.hpp"

#include <gtest/gtest.h>

#include "adapters/disk/blob_store.hpp"
#include "adapters/memory/task_queue.hpp"
#include "async/timing.hpp"
#include "catalog/track_rows.hpp"
#include "catalog/video_rows.hpp"
#include "media/format/work.hpp"
#include "ports/blob_keys.hpp"
#include "support/sqlite_service.hpp"

namespace movio::captions {
namespace {

// The import as the api runs it: a job in the ledger, a runner, a real database and a real store.
class CaptionImportTest : public ::testing::Test {
protected:
    void SetUp() override {
        video.id = VideoId::make();
        video.title = "film";
        video.filename = "film.mkv";
        video.source_key = blob_keys::source(video.id, 1);
        service.write([this](SqlSession& session) { catalog::insert_video(session, video); });
    }

    void put_cues(const std::vector<media::RawCue>& cues) {
        const std::string text = media::to_json(cues);
        const auto view = as_bytes(text);
        service.loop.run(blobs.put(BlobKey("work/cues.json"), Bytes(view.begin(), view.end()))).value();
    }

    JobId order() {
        return service.write([this](SqlSession& session) {
            const auto job =
                ledger.add_job(session, {"captions", video.id.text() + "/1/2", ledger::Priority::interactive});
            const std::string args =
                R"({"track":2,"language":"fr","label":"français","codec":"subrip","sdh":true,"cues_key":"work/cues.json"})";
            const ledger::NewTask read{.kind = "captions.import", .key = "import", .args = args, .attempts_max = 1};
            const ledger::NewTask discard{.kind = "captions.discard", .key = "discard", .args = args};
            ledger.add_tasks(session, job.id, ledger::chain({{read}, {discard}}));
            return job.id;
        });
    }

    Awaitable<ledger::JobState> run_job(JobId job) {
        ledger::RunnerOptions options;
        options.owner = "test";
        options.classes = {{"all", 1, ledger::Priority::bulk}};
        ledger::TaskRunner runner(ledger, service.loop.executor(), options);
        import.register_with(runner);
        runner.start();
        auto state = ledger::JobState::running;
        while (state == ledger::JobState::running) {
            co_await sleep_for(std::chrono::milliseconds(10));
            state = (co_await ledger.find(job))->job.state;
        }
        co_await runner.stop();
        co_return state;
    }

    std::vector<catalog::CaptionTrackRow> tracks() {
        return service.read([this](SqlSession& session) { return catalog::tracks_of(session, video.id); });
    }

    test::SqliteService service{"catalog"};
    Pool disk{"disk", 1, 100};
    DiskBlobStore blobs{DiskBlobStoreOptions{.root = service.folder.path() / "blobs"}, disk};
    MemoryTaskQueue bell;
    ledger::Ledger ledger{service.database, bell, "api"};
    ledger::Outbox outbox;
    catalog::FilmWatch watch;
    CaptionImport import{service.database, blobs, outbox, watch};
    catalog::Video video;
};

TEST_F(CaptionImportTest, Track_becomes_rows_a_file_and_an_event) {
    put_cues({{1000, 2500, "Bonjour <i>monde</i>", "", ""}, {3000, 4000, "Deuxième", "", ""}});
    int told = 0;
    const auto subscription = watch.subscribe({video.id}, [&told](VideoId) { ++told; });
    EXPECT_EQ(service.loop.run(run_job(order())), ledger::JobState::done);
    const auto found = tracks();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].language, "fr");
    EXPECT_TRUE(found[0].hearing_impaired);
    const auto cues = service.read([&](SqlSession& session) { return catalog::cues_of(session, found[0].id); });
    ASSERT_EQ(cues.size(), 2U);
    EXPECT_EQ(cues[0].plain, "Bonjour monde");
    EXPECT_EQ(cues[1].start_ms, 3000);
    const auto file = service.loop.run(blobs.get(BlobKey(blob_keys::caption(video.id, found[0].id, 1)), 10'000));
    ASSERT_TRUE(file);
    EXPECT_TRUE(as_text(*file).starts_with("WEBVTT"));
    EXPECT_NE(as_text(*file).find("<i>monde</i>"), std::string_view::npos);
    EXPECT_EQ(told, 1);
    EXPECT_FALSE(service.loop.run(blobs.stat(BlobKey("work/cues.json"))));
}

TEST_F(CaptionImportTest, Packets_that_cannot_be_read_are_kept) {
    const std::string text = "[{";
    const auto view = as_bytes(text);
    service.loop.run(blobs.put(BlobKey("work/cues.json"), Bytes(view.begin(), view.end()))).value();
    EXPECT_EQ(service.loop.run(run_job(order())), ledger::JobState::failed);
    EXPECT_TRUE(service.loop.run(blobs.stat(BlobKey("work/cues.json"))));
}

TEST_F(CaptionImportTest, The_same_track_is_not_made_twice) {
    put_cues({{0, 1000, "x", "", ""}});
    EXPECT_EQ(service.loop.run(run_job(order())), ledger::JobState::done);
    EXPECT_EQ(service.loop.run(run_job(order())), ledger::JobState::done);
    EXPECT_EQ(tracks().size(), 1U);
    EXPECT_EQ(service.loop.run(blobs.list("media/", std::nullopt)).items.size(), 1U);
}

TEST_F(CaptionImportTest, A_new_track_is_a_change_of_the_film) {
    put_cues({{0, 1000, "x", "", ""}});
    EXPECT_EQ(service.loop.run(run_job(order())), ledger::JobState::done);
    const auto types = service.read([](SqlSession& session) {
        std::vector<std::string> found;
        for (const auto& row : session.run("SELECT type FROM outbox ORDER BY created_us, id").rows)
            found.push_back(row.text(0));
        return found;
    });
    EXPECT_EQ(types, (std::vector<std::string>{"caption.ready", "video.changed"}));
}

TEST_F(CaptionImportTest, Purged_film_gets_no_track_and_its_packets_go) {
    put_cues({{0, 1000, "x", "", ""}});
    const auto job = order();
    service.write([this](SqlSession& session) { catalog::erase_video(session, video.id); });
    EXPECT_EQ(service.loop.run(run_job(job)), ledger::JobState::done);
    EXPECT_TRUE(service.loop.run(blobs.list("", std::nullopt)).items.empty());
}

TEST_F(CaptionImportTest, A_track_that_shows_nothing_is_left_out) {
    put_cues({{0, 1000, "   ", "", ""}});
    EXPECT_EQ(service.loop.run(run_job(order())), ledger::JobState::done);
    EXPECT_TRUE(tracks().empty());
}

}  // namespace
}  // namespace movio::captions
