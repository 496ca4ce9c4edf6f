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
        const std::vector<std::string> kinds{"index", "video", "ahead", "audio", "poster", "finish"};
        const auto task = service.loop.run(ledger.claim(kinds, ledger::Priority::bulk, "worker"));
        return task ? task->key : "";
    }
    std::vector<std::string> next(int count) {
        std::vector<std::string> keys;
        for (int i = 0; i < count; ++i) keys.push_back(next());
        return keys;
    }
    // The beginning has its own priority.
    void make_the_beginning() { next(5); }

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
                                     "v-h264-360/ahead-121-129", "a-1-und-2/96-112", "video/97-105", "video/105-113",
                                     "a-1-und-2/112-128"));
    EXPECT_THAT(next(2), ElementsAre("video/113-121", "video/121-129"));
    EXPECT_EQ(next(), "video/9-17") << "then the rest in its order";
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
    EXPECT_THAT(next(4), ElementsAre("a-1-und-2/176-192", "video/185-193", "a-1-und-2/192-200", "video/193-200"));
    EXPECT_THAT(next(2), ElementsAre("a-1-und-2/96-112", "video/97-105"));
}

TEST_F(FillTest, The_beginning_keeps_its_place) {
    plan_film({"v-h264-360", "v-h264-720"});
    watch(2);
    EXPECT_THAT(next(5), ElementsAre("video/0-1", "a-1-und-2/0-16", "poster", "video/1-3", "video/3-9"));
    EXPECT_EQ(next(), "v-h264-360/ahead-9-17");
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
    EXPECT_EQ(next(), "video/9-17");
}

}  // namespace
}  // namespace movio::processing
