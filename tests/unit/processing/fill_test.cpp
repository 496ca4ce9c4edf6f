#include "processing/fill.hpp"

#include <gmock/gmock.h>

#include "adapters/memory/task_queue.hpp"
#include "base/limits.hpp"
#include "processing/task_plan.hpp"
#include "support/sqlite_service.hpp"

namespace movio::processing {
namespace {

using testing::ElementsAre;

constexpr std::int64_t kSegments = 200;
const std::vector<std::string> kKinds{"index", "video", "ahead", "audio", "poster", "finish"};

// A film with much to do, and the order in which workers would take it.
class FillTest : public ::testing::Test {
protected:
    void plan_film(std::vector<std::string> rungs) {
        plan.grid = media::Grid::every({25, 1}, kSegments * 100);
        plan.video_stream = 0;
        for (auto& rung : rungs) plan.video.emplace_back().name = std::move(rung);
        plan.audio.emplace_back().name = "a-1-und-2";
        service.write([this](SqlSession& session) {
            job = ledger.add_job(session, {std::string(kFilmJob), "film"}).id;
            ledger.add_tasks(session, job, film_tasks(plan, ledger::Priority::interactive));
        });
    }
    void watch(std::int64_t k) {
        service.write([this, k](SqlSession& session) { fill_from(session, ledger, job, plan, k); });
    }
    std::string next() {
        const auto task = service.loop.run(ledger.claim(kKinds, ledger::Priority::bulk, "worker"));
        return task ? task->key : "";
    }
    std::vector<std::string> next(int count) {
        std::vector<std::string> keys;
        for (int i = 0; i < count; ++i) keys.push_back(next());
        return keys;
    }
    // The beginning has its own priority: two tasks of the first segments where there is more than one rung, else one.
    void make_the_beginning() {
        for (auto left = plan.video.size() > 1 ? 7 : 6; left > 0; --left) {
            const auto task = service.loop.run(ledger.claim(kKinds, ledger::Priority::bulk, "worker"));
            ASSERT_TRUE(task);
            EXPECT_TRUE(service.loop.run(ledger.finish(task->lease, "{}", {})));
        }
    }

    media::Plan plan;
    test::SqliteService service{"processing"};
    MemoryTaskQueue bell;
    ledger::Ledger ledger{service.database, bell, "worker"};
    JobId job;
};

TEST_F(FillTest, Batch_work_goes_on_where_somebody_watches_lowest_rung_first) {
    plan_film({"v-h264-360", "v-h264-720"});
    make_the_beginning();
    watch(100);
    EXPECT_THAT(next(8), ElementsAre("v-h264-360/ahead-97-105", "v-h264-360/ahead-105-113", "v-h264-360/ahead-113-121",
                                     "v-h264-360/ahead-121-129", "a-1-und-2/96-112", "video/97-105",
                                     "a-1-und-2/112-128", "video/105-113"));
    EXPECT_THAT(next(2), ElementsAre("video/113-121", "video/121-129"));
    EXPECT_THAT(next(2), ElementsAre("a-1-und-2/16-32", "video/9-17")) << "then the rest in its order";
}

TEST_F(FillTest, One_rung_is_not_made_twice) {
    plan_film({"v-h264-360"});
    make_the_beginning();
    watch(100);
    EXPECT_THAT(next(2), ElementsAre("a-1-und-2/96-112", "video/97-105"));
}

TEST_F(FillTest, Where_somebody_is_goes_before_where_somebody_was_and_that_before_the_rest) {
    plan_film({"v-h264-360"});
    make_the_beginning();
    watch(100);
    watch(190);
    EXPECT_THAT(next(4), ElementsAre("a-1-und-2/176-192", "a-1-und-2/192-200", "video/185-193", "video/193-200"));
    EXPECT_THAT(next(2), ElementsAre("a-1-und-2/96-112", "video/97-105"));
}

TEST_F(FillTest, The_beginning_keeps_its_place) {
    plan_film({"v-h264-360", "v-h264-720"});
    watch(2);
    EXPECT_THAT(next(6), ElementsAre("v-h264-360/ahead-0-1", "a-1-und-2/0-1", "poster", "a-1-und-2/1-16", "video/1-3",
                                     "video/3-9"));
    EXPECT_EQ(next(), "v-h264-360/ahead-9-17");
}

TEST_F(FillTest, The_other_rungs_of_the_beginning_come_right_behind_the_lowest) {
    plan_film({"v-h264-360", "v-h264-720"});
    watch(100);
    const auto lowest = service.loop.run(ledger.claim(kKinds, ledger::Priority::bulk, "worker"));
    ASSERT_TRUE(lowest);
    EXPECT_EQ(lowest->key, "v-h264-360/ahead-0-1");
    EXPECT_THAT(next(2), ElementsAre("a-1-und-2/0-1", "poster"));
    EXPECT_TRUE(service.loop.run(ledger.finish(lowest->lease, "{}", {})));
    EXPECT_THAT(next(4), ElementsAre("video/0-1", "a-1-und-2/1-16", "video/1-3", "video/3-9"));
}

TEST_F(FillTest, One_encoded_rung_beside_a_copy_is_not_made_twice) {
    plan.video_stream = 0;
    plan.video.resize(2);
    plan.video[0].name = "v-h264-360";
    plan.video[1].name = "v-h264-720";
    plan.video[1].passthrough = true;
    plan_film({});
    watch(100);
    EXPECT_TRUE(
        service.read([this](SqlSession& session) { return ledger.ready(session, job, task_kind::kAhead); }).empty());
}

TEST_F(FillTest, A_viewer_who_seeks_all_the_time_leaves_no_pile_of_work) {
    plan_film({"v-h264-360", "v-h264-720"});
    make_the_beginning();
    for (std::int64_t k = 10; k < kSegments; k += 7) watch(k);
    const auto waiting =
        service.read([this](SqlSession& session) { return ledger.ready(session, job, task_kind::kAhead); });
    EXPECT_LE(waiting.size(), static_cast<std::size_t>(limits::kFillTasksMax));
    EXPECT_THAT(next(), ::testing::StartsWith("v-h264-360/ahead-"));
}

TEST_F(FillTest, Beyond_the_end_there_is_nothing) {
    plan_film({"v-h264-360"});
    make_the_beginning();
    watch(kSegments);
    EXPECT_THAT(next(2), ElementsAre("a-1-und-2/16-32", "video/9-17"));
}

}  // namespace
}  // namespace movio::processing
