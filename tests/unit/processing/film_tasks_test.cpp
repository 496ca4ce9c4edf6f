#include "processing/film_tasks.hpp"

#include <cstdio>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "adapters/disk/blob_store.hpp"
#include "adapters/memory/event_bus.hpp"
#include "adapters/memory/task_queue.hpp"
#include "async/timing.hpp"
#include "media/format/loudness.hpp"
#include "ports/blob_keys.hpp"
#include "support/sqlite_service.hpp"

namespace movio::processing {
namespace {

using namespace std::chrono_literals;

// The worker as it is, with real media processes, and a film of three segments of picture and sound.
class FilmTasksTest : public ::testing::Test {
protected:
    void SetUp() override {
        film.key = {VideoId::make(), 1};
        const auto file = service.folder.path() / "film.mkv";
        const auto command =
            "ffmpeg -nostdin -v error -f lavfi -i testsrc=size=160x90:rate=25 -f lavfi -i sine -t 10 -c:v libx264 "
            "-preset ultrafast -pix_fmt yuv420p -c:a aac " +
            options() + file.string();
        FILE* const ffmpeg = ::popen(command.c_str(), "r");
        ASSERT_NE(ffmpeg, nullptr);
        ASSERT_EQ(::pclose(ffmpeg), 0);
        std::ifstream in(file, std::ios::binary);
        const std::string text(std::istreambuf_iterator<char>(in), {});
        const auto view = as_bytes(text);
        film.source_key = blob_keys::source(film.key.video, 1);
        service.loop.run(blobs.put(BlobKey(film.source_key), Bytes(view.begin(), view.end()))).value();
        tasks.register_with(runner);
        job = service.write([this](SqlSession& session) {
            insert_film(session, film);
            const auto added = ledger.add_job(session, {std::string(kFilmJob), film.key.text()});
            ledger.add_tasks(session, added.id, {index_task(ledger::Priority::interactive)});
            return added.id;
        });
        runner.start();
    }
    void TearDown() override {
        service.loop.run(runner.stop());
        service.loop.run(bus.stop());
    }

    virtual std::string options() const { return "-level 5.2 "; }  // no player takes it as it is
    void expect_mended();
    media::Measured measured();
    void begin_levels_again(const std::string& attempt);

    ledger::RunnerOptions runner_options() {
        ledger::RunnerOptions options;
        options.owner = "test";
        options.classes = {{"all", 2, ledger::Priority::bulk}};
        options.poll_every = 20ms;
        return options;
    }
    ledger::JobState wait_for_end() {
        const auto end = std::chrono::steady_clock::now() + 120s;
        for (;;) {
            const auto found = service.loop.run(ledger.find(job)).value();
            if (found.job.state != ledger::JobState::running || std::chrono::steady_clock::now() > end)
                return found.job.state;
            service.loop.run(sleep_for(20ms));
        }
    }
    BlobKey key_of(const std::string& rendition, std::int64_t n) {
        return BlobKey(blob_keys::segment(film.key.video, 1, rendition, n));
    }
    std::optional<Bytes> get(const BlobKey& key) { return service.loop.run(blobs.get(key, 1 << 24)); }

    Film film;
    test::SqliteService service{"processing"};
    Pool disk{"disk", 2, 100};
    DiskBlobStore blobs{DiskBlobStoreOptions{.root = service.folder.path() / "blobs"}, disk};
    MemoryTaskQueue bell;
    InProcessEventBus bus;
    ledger::Ledger ledger{service.database, bell, "worker"};
    ledger::Outbox outbox;
    sandbox::MediaProcesses media{{.executable = std::filesystem::path(MOVIO_BINARY_DIR) / "movio-media"}};
    FilmTasks tasks{service.database, blobs, bus, ledger, outbox, media, {}};
    ledger::TaskRunner runner{ledger, service.loop.executor(), runner_options()};
    JobId job;
};

// A film whose picture is handed on as it is: its only rung.
class PassedFilmTasksTest : public FilmTasksTest {
    std::string options() const override { return "-g 50 "; }
};

// A film of two encoded rungs.
class LadderFilmTasksTest : public FilmTasksTest {
    std::string options() const override { return "-level 5.2 -s 640x480 "; }
};

void FilmTasksTest::expect_mended() {
    ASSERT_EQ(wait_for_end(), ledger::JobState::done);
    const auto plan = service.loop.run(tasks.plans().find(film.key));
    ASSERT_TRUE(plan);
    const auto lost = key_of(plan->video.at(0).name, 2);
    const auto cut = key_of(plan->audio.at(0).name, 1);
    const auto init = key_of(plan->video.at(0).name, 0);
    const auto cut_bytes = get(cut), init_bytes = get(init);
    ASSERT_TRUE(cut_bytes && init_bytes && get(lost));
    service.loop.run(blobs.remove(lost));
    service.loop.run(blobs.remove(init));
    std::filesystem::resize_file(blobs.local_file(cut).value(), 10);
    service.write([](SqlSession& session) {
        session.run("UPDATE tasks SET state = 'ready', ended_us = NULL WHERE key = 'finish'");
        session.run("UPDATE jobs SET state = 'running', ended_us = NULL");
    });
    EXPECT_EQ(wait_for_end(), ledger::JobState::done);
    const auto check = service.loop.run(check_film(service.database, blobs, film.key, *plan));
    EXPECT_TRUE(check.wrong.empty());
    EXPECT_TRUE(get(lost));
    EXPECT_EQ(get(cut), cut_bytes);
    EXPECT_EQ(get(init), init_bytes);
    const auto found = service.loop.run(ledger.find(job)).value();
    EXPECT_FALSE(found.tasks.back().failure) << "it took one attempt";
}

TEST_F(FilmTasksTest, Finish_makes_again_what_the_disk_lost) { expect_mended(); }

TEST_F(PassedFilmTasksTest, Finish_copies_again_what_the_disk_lost) {
    expect_mended();
    const auto plan = service.loop.run(tasks.plans().find(film.key));
    ASSERT_EQ(plan->video.size(), 1U);
    EXPECT_TRUE(plan->video[0].passthrough) << plan->passthrough_obstacle;
    EXPECT_EQ(plan->grid.first_frames(), (std::vector<std::int64_t>{0, 100}));
}

TEST_F(PassedFilmTasksTest, A_segment_that_is_wished_for_is_copied_alone) {
    ASSERT_EQ(wait_for_end(), ledger::JobState::done);
    const auto plan = service.loop.run(tasks.plans().find(film.key));
    const auto name = plan->video.at(0).name;
    const auto wished = key_of(name, 2);
    const auto bytes = get(wished);
    ASSERT_TRUE(bytes);
    service.loop.run(blobs.remove(wished));
    service.write([&](SqlSession& session) {
        session.run("DELETE FROM artefacts WHERE n = 2");
        session.run("UPDATE jobs SET state = 'running', ended_us = NULL");
        ledger.add_tasks(session, job, {wanted_task(name, 2)});
    });
    tasks.wishes().heard(film.key, wanted_task(name, 2).key);
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (!get(wished) && std::chrono::steady_clock::now() < end) service.loop.run(sleep_for(20ms));
    EXPECT_EQ(get(wished), bytes);
}

TEST_F(LadderFilmTasksTest, The_beginning_is_made_in_its_lowest_rung_first_and_nothing_twice) {
    ASSERT_EQ(wait_for_end(), ledger::JobState::done);
    const auto plan = service.loop.run(tasks.plans().find(film.key));
    ASSERT_EQ(plan->video.size(), 2U);
    const auto made_by = service.read([](SqlSession& session) {
        std::map<std::string, std::string> keys;
        const auto found =
            session.run("SELECT a.rendition || '/' || a.n, t.key FROM artefacts a JOIN tasks t ON t.id = a.task_id");
        for (const auto& row : found.rows) keys[row.text(0)] = row.text(1);
        return keys;
    });
    const auto lowest = plan->video[0].name;
    const auto upper = plan->video[1].name;
    EXPECT_EQ(made_by.at(lowest + "/1"), lowest + "/ahead-0-1");
    EXPECT_EQ(made_by.at(lowest + "/0"), lowest + "/ahead-0-1");
    EXPECT_EQ(made_by.at(upper + "/1"), "video/0-1");
    EXPECT_EQ(made_by.at(lowest + "/2"), "video/1-3");
    EXPECT_EQ(made_by.at(upper + "/2"), "video/1-3");
    const auto measured =
        media::measured_from_json(as_text(get(BlobKey(blob_keys::measured(film.key.video, 1))).value())).value();
    EXPECT_TRUE(measured.storyboard);
    EXPECT_TRUE(measured.black && measured.black->empty()) << "every frame was looked at, the first ones too";
}

TEST_F(LadderFilmTasksTest, An_init_segment_that_is_wished_for_comes_with_its_first_segment) {
    ASSERT_EQ(wait_for_end(), ledger::JobState::done);
    const auto plan = service.loop.run(tasks.plans().find(film.key));
    const auto name = plan->video.back().name;
    const auto init = get(key_of(name, 0)), first = get(key_of(name, 1));
    ASSERT_TRUE(init && first);
    for (const auto n : {0, 1}) service.loop.run(blobs.remove(key_of(name, n)));
    const auto wish = wanted_task(name, 0);
    tasks.wishes().heard(film.key, wish.key);
    service.write([&](SqlSession& session) {
        session.run("DELETE FROM artefacts WHERE n < 2 AND rendition = $1", {sql(name)});
        session.run("UPDATE jobs SET state = 'running', ended_us = NULL");
        ledger.add_tasks(session, job, {wish});
    });
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (!get(key_of(name, 1)) && std::chrono::steady_clock::now() < end) service.loop.run(sleep_for(20ms));
    EXPECT_EQ(get(key_of(name, 0)), init);
    EXPECT_EQ(get(key_of(name, 1)), first);
}

TEST_F(FilmTasksTest, Finish_writes_down_what_the_film_took) {
    ASSERT_EQ(wait_for_end(), ledger::JobState::done);
    const auto plan = service.loop.run(tasks.plans().find(film.key));
    ASSERT_TRUE(plan && plan->estimate);
    const auto bytes = get(BlobKey(blob_keys::measured(film.key.video, 1)));
    ASSERT_TRUE(bytes);
    const auto measured = media::measured_from_json(as_text(*bytes)).value();
    const auto actual = media::actual_of(measured);
    ASSERT_TRUE(actual);
    EXPECT_GT(actual->playable_ms, 0);
    EXPECT_GE(actual->complete_ms, actual->playable_ms);
    EXPECT_EQ(actual->renditions.size(), plan->estimate->renditions.size());
    const auto row = service.read([this](SqlSession& session) { return find_film(session, film.key); }).value();
    EXPECT_EQ(actual->cpu_ms, row.cpu_us / 1000);
    EXPECT_GT(actual->cpu_ms, 100) << "index, two pieces of picture, sound and poster are processes each";
    EXPECT_EQ(actual->playable_ms, (row.playable_us.value() - row.created_us) / 1000);
    for (const auto& segment : measured.renditions.at(plan->video.at(0).name)) {
        EXPECT_GT(segment.picture_bytes, 0);
        EXPECT_LT(segment.picture_bytes, segment.bytes);
    }
    for (const auto& segment : measured.renditions.at(plan->audio.at(0).name)) EXPECT_EQ(segment.picture_bytes, 0);
}

TEST_F(FilmTasksTest, Images_and_figures_come_with_the_film_and_what_they_were_made_of_goes) {
    ASSERT_EQ(wait_for_end(), ledger::JobState::done);
    const auto bytes = get(BlobKey(blob_keys::measured(film.key.video, 1)));
    ASSERT_TRUE(bytes);
    const auto measured = media::measured_from_json(as_text(*bytes));
    ASSERT_TRUE(measured);
    ASSERT_TRUE(measured->storyboard);
    EXPECT_EQ(measured->storyboard->tiles, 3);
    EXPECT_EQ(measured->poster_key, blob_keys::kBestPosterName);
    EXPECT_EQ(measured->preview_key, "image/preview.webp");
    EXPECT_TRUE(measured->loudness);
    EXPECT_TRUE(measured->black && measured->black->empty());
    EXPECT_TRUE(measured->silence && measured->silence->empty());
    for (const auto* name : {"storyboard-1.jpg", "preview.webp", "poster.jpg", "poster-best.jpg"})
        EXPECT_TRUE(get(BlobKey(blob_keys::image(film.key.video, 1, name)))) << name;
    for (const auto* kind : {media::kLook, media::kStrip, media::kLevels}) {
        const auto left = service.loop.run(blobs.list(blob_keys::figures_prefix(film.key.video, 1, kind), {}));
        EXPECT_TRUE(left.items.empty()) << kind;
    }
}

// What the film's measurements say; a failure when they are not there.
media::Measured FilmTasksTest::measured() {
    const auto bytes = get(BlobKey(blob_keys::measured(film.key.video, 1)));
    EXPECT_TRUE(bytes);
    return bytes ? media::measured_from_json(as_text(*bytes)).value_or(media::Measured{}) : media::Measured{};
}

// As if the film had been killed before its loudness was measured, in this attempt at it.
void FilmTasksTest::begin_levels_again(const std::string& attempt) {
    service.loop.run(blobs.remove(BlobKey(blob_keys::measured(film.key.video, 1))));
    service.write([&attempt](SqlSession& session) {
        session.run("UPDATE tasks SET state = 'blocked', ended_us = NULL WHERE key = 'finish'");
        session.run("UPDATE tasks SET state = 'ready', ended_us = NULL, attempt = " + attempt +
                    " WHERE kind = 'levels'");
        session.run("UPDATE jobs SET state = 'running', ended_us = NULL");
    });
}

TEST_F(PassedFilmTasksTest, Copied_sound_is_heard_by_a_task_of_its_own) {
    ASSERT_EQ(wait_for_end(), ledger::JobState::done);
    const auto plan = service.loop.run(tasks.plans().find(film.key));
    ASSERT_TRUE(plan->audio.at(0).passthrough);
    EXPECT_TRUE(measured().loudness);
    EXPECT_TRUE(measured().silence && measured().silence->empty());
    const auto left = service.loop.run(blobs.list(blob_keys::figures_prefix(film.key.video, 1, media::kLevels), {}));
    EXPECT_TRUE(left.items.empty());
}

TEST_F(PassedFilmTasksTest, Loudness_that_was_measured_before_a_kill_is_not_measured_again) {
    ASSERT_EQ(wait_for_end(), ledger::JobState::done);
    const auto plan = service.loop.run(tasks.plans().find(film.key));
    media::Levels levels{0, std::vector<int>(static_cast<std::size_t>(plan->duration_ms() / 100), -1234)};
    const auto json = media::to_json(levels);
    const BlobKey key(blob_keys::figures(film.key.video, 1, media::kLevels, 0));
    service.loop.run(blobs.put(key, Bytes(as_bytes(json).begin(), as_bytes(json).end()))).value();
    begin_levels_again("0");
    ASSERT_EQ(wait_for_end(), ledger::JobState::done);
    EXPECT_EQ(measured().loudness, -1234);
}

TEST_F(PassedFilmTasksTest, Loudness_that_fails_too_often_is_done_without) {
    ASSERT_EQ(wait_for_end(), ledger::JobState::done);
    begin_levels_again("attempts_max - 2");
    ASSERT_EQ(wait_for_end(), ledger::JobState::done);
    EXPECT_FALSE(measured().loudness);
    EXPECT_FALSE(measured().silence);
}

TEST_F(FilmTasksTest, Images_that_fail_too_often_are_done_without) {
    ASSERT_EQ(wait_for_end(), ledger::JobState::done);
    for (const auto& key :
         {blob_keys::measured(film.key.video, 1), blob_keys::image(film.key.video, 1, "storyboard-1.jpg")})
        service.loop.run(blobs.remove(BlobKey(key)));
    // What the last attempts of a task that killed its process each time find.
    service.write([](SqlSession& session) {
        session.run("UPDATE tasks SET state = 'blocked', ended_us = NULL WHERE key = 'finish'");
        session.run(
            "UPDATE tasks SET state = 'ready', ended_us = NULL, attempt = attempts_max - 2 WHERE key = 'images'");
        session.run("UPDATE jobs SET state = 'running', ended_us = NULL");
    });
    EXPECT_EQ(wait_for_end(), ledger::JobState::done);
    const auto bytes = get(BlobKey(blob_keys::measured(film.key.video, 1)));
    ASSERT_TRUE(bytes);
    EXPECT_FALSE(media::measured_from_json(as_text(*bytes))->storyboard);
}

TEST_F(FilmTasksTest, Thumbnails_that_nobody_saw_are_made_of_key_frames) {
    ASSERT_EQ(wait_for_end(), ledger::JobState::done);
    const auto gone = {blob_keys::measured(film.key.video, 1), blob_keys::image(film.key.video, 1, "storyboard-1.jpg"),
                       blob_keys::image(film.key.video, 1, "preview.webp")};
    for (const auto& key : gone) service.loop.run(blobs.remove(BlobKey(key)));
    service.write([](SqlSession& session) {
        session.run("UPDATE tasks SET state = 'blocked', ended_us = NULL WHERE key = 'finish'");
        session.run("UPDATE tasks SET state = 'ready', ended_us = NULL WHERE key = 'images'");
        session.run("UPDATE jobs SET state = 'running', ended_us = NULL");
    });
    EXPECT_EQ(wait_for_end(), ledger::JobState::done);
    const auto bytes = get(BlobKey(blob_keys::measured(film.key.video, 1)));
    ASSERT_TRUE(bytes);
    const auto measured = media::measured_from_json(as_text(*bytes));
    EXPECT_TRUE(measured->storyboard);
    EXPECT_FALSE(measured->black) << "not every frame was looked at";
    for (const auto& key : gone) EXPECT_TRUE(get(BlobKey(key))) << key;
}

}  // namespace
}  // namespace movio::processing
