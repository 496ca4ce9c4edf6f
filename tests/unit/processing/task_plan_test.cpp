#include "processing/task_plan.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "adapters/memory/task_queue.hpp"
#include "ledger/ledger.hpp"
#include "support/sqlite_service.hpp"

namespace movio::processing {
namespace {

media::Plan film(std::int64_t frames, bool picture, int sounds) {
    media::Plan plan;
    plan.grid = media::Grid::every({25, 1}, frames);
    if (picture) {
        plan.video_stream = 0;
        plan.video.emplace_back().name = "v-h264-360";
    }
    for (int i = 0; i < sounds; ++i) plan.audio.emplace_back().name = "a-" + std::to_string(i + 1) + "-und-2";
    return plan;
}

// Every segment number that the tasks of one kind and rendition cover, each counted.
std::multiset<std::int64_t> covered(const ledger::Plan& tasks, std::string_view kind, const std::string& rendition) {
    std::multiset<std::int64_t> numbers;
    for (const auto& task : tasks) {
        if (task.kind != kind) continue;
        const auto segments = segment_task_from_json(task.args).value();
        if (segments.rendition != rendition) continue;
        for (auto k = segments.first; k < segments.end; ++k) numbers.insert(k);
    }
    return numbers;
}

void expect_whole(const std::multiset<std::int64_t>& numbers, std::int64_t segments) {
    ASSERT_EQ(static_cast<std::int64_t>(numbers.size()), segments);
    std::int64_t expected = 0;
    for (const auto number : numbers) EXPECT_EQ(number, expected++);
}

TEST(FilmTasksPlan, Every_segment_is_made_by_exactly_one_task_at_any_length) {
    for (const std::int64_t seconds : {1, 3, 4, 5, 30, 255, 256, 257, 1000, 7200}) {
        const auto plan = film(seconds * 25, true, 2);
        const auto tasks = film_tasks(plan, ledger::Priority::bulk);
        expect_whole(covered(tasks, task_kind::kVideo, ""), plan.grid.segments());
        for (const auto& sound : plan.audio)
            expect_whole(covered(tasks, task_kind::kAudio, sound.name), plan.grid.segments());
    }
}

TEST(FilmTasksPlan, Keys_are_unique_and_finish_waits_for_all_by_way_of_images) {
    const auto tasks = film_tasks(film(7200 * 25, true, 3), ledger::Priority::bulk);
    std::set<std::string> keys;
    for (const auto& task : tasks) EXPECT_TRUE(keys.insert(task.key).second) << task.key;
    ASSERT_EQ(tasks.back().kind, task_kind::kFinish);
    EXPECT_EQ(tasks.back().needs, std::vector<std::string>{std::string(task_kind::kImages)});
    EXPECT_EQ(tasks[tasks.size() - 2].kind, task_kind::kImages);
    EXPECT_EQ(tasks[tasks.size() - 2].needs.size(), tasks.size() - 2);
    EXPECT_EQ(tasks[tasks.size() - 2].priority, ledger::Priority::bulk);
}

media::Plan film_of_rungs(std::vector<std::string> rungs) {
    auto plan = film(600 * 25, true, 1);
    plan.video.clear();
    for (auto& rung : rungs) plan.video.emplace_back().name = std::move(rung);
    return plan;
}

const ledger::NewTask* find(const ledger::Plan& tasks, const std::string& key) {
    const auto found = std::ranges::find(tasks, key, &ledger::NewTask::key);
    return found == tasks.end() ? nullptr : &*found;
}

TEST(FilmTasksPlan, The_lowest_rung_of_the_beginning_is_made_alone_and_the_others_wait_for_it) {
    const auto tasks = film_tasks(film_of_rungs({"v-h264-360", "v-h264-480", "v-h264-720"}), ledger::Priority::publish);
    const auto* first = find(tasks, "v-h264-360/ahead-0-1");
    ASSERT_NE(first, nullptr);
    EXPECT_EQ(first, &tasks.front());
    EXPECT_EQ(first->kind, task_kind::kAhead);
    EXPECT_EQ(first->priority, ledger::Priority::publish);
    EXPECT_TRUE(first->needs.empty());
    const auto segments = segment_task_from_json(first->args).value();
    EXPECT_EQ(segments.rendition, "v-h264-360");
    EXPECT_EQ(segments.first, 0);
    EXPECT_EQ(segments.end, 1);
    const auto* rungs = find(tasks, "video/0-1");
    ASSERT_NE(rungs, nullptr);
    EXPECT_EQ(rungs->priority, ledger::Priority::interactive);
    EXPECT_EQ(rungs->needs, std::vector<std::string>{first->key});
    EXPECT_EQ(find(tasks, "a-1-und-2/0-1")->priority, ledger::Priority::publish) << "beside it";
    EXPECT_EQ(std::ranges::count(tasks, task_kind::kAhead, &ledger::NewTask::kind), 1) << "nobody watches yet";
    EXPECT_TRUE(find(tasks, "video/1-3")->needs.empty());
}

TEST(FilmTasksPlan, One_encoded_rung_is_not_made_ahead_of_itself) {
    auto alone = film_of_rungs({"v-h264-360"});
    auto beside_a_copy = film_of_rungs({"v-h264-360", "v-h264-720"});
    beside_a_copy.video.back().passthrough = true;
    auto copied = film_of_rungs({"v-h264-720"});
    copied.video.back().passthrough = true;
    for (const auto& plan : {alone, beside_a_copy, copied}) {
        const auto tasks = film_tasks(plan, ledger::Priority::publish);
        EXPECT_EQ(std::ranges::count(tasks, task_kind::kAhead, &ledger::NewTask::kind), 0);
        EXPECT_EQ(tasks.front().priority, ledger::Priority::publish) << tasks.front().key;
        EXPECT_TRUE(tasks.front().needs.empty());
    }
    EXPECT_EQ(film_tasks(copied, ledger::Priority::publish).front().key, "v-h264-720/0-8");
}

TEST(FilmTasksPlan, A_film_of_one_segment_begins_with_its_lowest_rung_too) {
    auto plan = film_of_rungs({"v-h264-360", "v-h264-480"});
    plan.grid = media::Grid::every({25, 1}, 50);
    const auto tasks = film_tasks(plan, ledger::Priority::publish);
    std::vector<std::string> keys;
    for (const auto& task : tasks) keys.push_back(task.key);
    EXPECT_EQ(keys, (std::vector<std::string>{"v-h264-360/ahead-0-1", "video/0-1", "a-1-und-2/0-1", "poster", "images",
                                              "finish"}));
    EXPECT_EQ(tasks.front().priority, ledger::Priority::publish);
}

TEST(FilmTasksPlan, What_is_made_ahead_is_never_more_urgent_than_its_film) {
    for (const auto& task : film_tasks(film_of_rungs({"v-h264-360", "v-h264-480"}), ledger::Priority::bulk))
        EXPECT_EQ(task.priority, ledger::Priority::bulk) << task.key;
}

TEST(FilmTasksPlan, What_a_viewer_needs_first_comes_first) {
    const auto tasks = film_tasks(film(600 * 25, true, 1), ledger::Priority::bulk);
    EXPECT_EQ(tasks[0].key, "video/0-1");
    EXPECT_EQ(tasks[1].kind, task_kind::kAudio);
}

TEST(FilmTasksPlan, Only_the_beginning_has_the_priority_of_the_film) {
    std::set<std::string> urgent;
    for (const auto& task : film_tasks(film(600 * 25, true, 1), ledger::Priority::interactive))
        if (task.priority == ledger::Priority::interactive) urgent.insert(task.key);
    EXPECT_EQ(urgent, (std::set<std::string>{"video/0-1", "video/1-3", "video/3-9", "a-1-und-2/0-1", "a-1-und-2/1-16",
                                             "poster"}));
}

TEST(FilmTasksPlan, Only_what_it_takes_to_play_at_all_is_as_urgent_as_an_upload) {
    std::set<std::string> urgent;
    std::set<std::string> interactive;
    for (const auto& task : film_tasks(film(600 * 25, true, 1), ledger::Priority::publish)) {
        if (task.priority == ledger::Priority::publish) urgent.insert(task.key);
        if (task.priority == ledger::Priority::interactive) interactive.insert(task.key);
    }
    EXPECT_EQ(urgent, (std::set<std::string>{"video/0-1", "a-1-und-2/0-1"}));
    EXPECT_EQ(interactive, (std::set<std::string>{"video/1-3", "video/3-9", "a-1-und-2/1-16", "poster"}));
}

TEST(FilmTasksPlan, Only_the_first_track_of_sound_is_as_urgent_as_an_upload) {
    for (const auto& task : film_tasks(film(600 * 25, true, 3), ledger::Priority::publish)) {
        if (task.key == "a-1-und-2/0-1") EXPECT_EQ(task.priority, ledger::Priority::publish);
        if (task.key == "a-2-und-2/0-1" || task.key == "a-3-und-2/0-1")
            EXPECT_EQ(task.priority, ledger::Priority::interactive);
    }
}

media::Plan passed_film(std::int64_t frames, bool alone) {
    auto plan = film(frames, true, 1);
    if (alone) plan.video.clear();
    auto& top = plan.video.emplace_back();
    top.name = "v-h264-720";
    top.passthrough = true;
    return plan;
}

TEST(FilmTasksPlan, What_is_passed_through_is_copied_whole_and_once_and_never_encoded) {
    for (const bool alone : {false, true}) {
        const auto plan = passed_film(7200 * 25, alone);
        const auto tasks = film_tasks(plan, ledger::Priority::bulk);
        expect_whole(covered(tasks, task_kind::kVideo, "v-h264-720"), plan.grid.segments());
        if (alone)
            EXPECT_TRUE(covered(tasks, task_kind::kVideo, "").empty());
        else
            expect_whole(covered(tasks, task_kind::kVideo, ""), plan.grid.segments());
        expect_whole(covered(tasks, task_kind::kAudio, plan.audio[0].name), plan.grid.segments());
    }
}

std::vector<std::string> first_keys(const ledger::Plan& tasks, std::size_t count) {
    std::vector<std::string> found;
    for (std::size_t i = 0; i < std::min(count, tasks.size()); ++i) found.push_back(tasks[i].key);
    return found;
}

TEST(FilmTasksPlan, Copies_come_in_long_pieces_right_behind_the_beginning) {
    const auto tasks = film_tasks(passed_film(4000 * 25, false), ledger::Priority::interactive);
    EXPECT_EQ(first_keys(tasks, 7),
              (std::vector<std::string>{"video/0-1", "a-1-und-2/0-1", "poster", "v-h264-720/0-8", "v-h264-720/8-900",
                                        "v-h264-720/900-1000", "a-1-und-2/1-16"}));
    EXPECT_EQ(find(tasks, "v-h264-720/0-8")->priority, ledger::Priority::interactive);
    EXPECT_EQ(find(tasks, "v-h264-720/8-900")->priority, ledger::Priority::bulk);
}

TEST(FilmTasksPlan, Of_a_film_that_is_only_copied_picture_and_sound_come_by_turns) {
    auto plan = passed_film(4000 * 25, true);
    plan.audio[0].passthrough = true;
    const auto tasks = film_tasks(plan, ledger::Priority::publish);
    EXPECT_EQ(first_keys(tasks, 99),
              (std::vector<std::string>{"v-h264-720/0-8", "a-1-und-2/0-8", "poster", "v-h264-720/8-900",
                                        "a-1-und-2/8-900", "v-h264-720/900-1000", "a-1-und-2/900-1000", "images",
                                        "levels/0-450", "levels/450-900", "levels/900-1000", "finish"}));
    for (const auto& task : tasks) {
        const bool begins = task.key == "v-h264-720/0-8" || task.key == "a-1-und-2/0-8";
        EXPECT_EQ(task.priority == ledger::Priority::publish, begins) << task.key;
        if (!begins && task.key != "poster") EXPECT_EQ(task.priority, ledger::Priority::bulk) << task.key;
        if (task.kind == task_kind::kLevels)
            EXPECT_EQ(task.needs, (std::vector<std::string>{"v-h264-720/900-1000", "a-1-und-2/900-1000"}));
    }
}

TEST(FilmTasksPlan, Loudness_of_copied_sound_is_measured_by_tasks_that_only_finish_waits_for) {
    auto plan = film(7200 * 25, true, 2);
    for (auto& sound : plan.audio) sound.passthrough = true;
    const auto tasks = film_tasks(plan, ledger::Priority::publish);
    expect_whole(covered(tasks, task_kind::kLevels, plan.audio[0].name), plan.grid.segments());
    EXPECT_TRUE(covered(tasks, task_kind::kLevels, plan.audio[1].name).empty()) << "the first track is the film's";
    std::vector<std::string> needed{std::string(task_kind::kImages)};
    for (const auto& task : tasks) {
        if (task.kind != task_kind::kLevels) continue;
        needed.push_back(task.key);
        EXPECT_EQ(task.priority, ledger::Priority::bulk);
        EXPECT_EQ(task.needs, (std::vector<std::string>{"a-1-und-2/900-1800", "a-2-und-2/900-1800"}));
    }
    EXPECT_EQ(needed.size(), 5U) << "half an hour each";
    EXPECT_EQ(tasks.back().needs, needed);
    for (const auto& need : find(tasks, "images")->needs) EXPECT_FALSE(need.starts_with("levels")) << need;
    plan.audio[0].passthrough = false;
    for (const auto& task : film_tasks(plan, ledger::Priority::publish)) EXPECT_NE(task.kind, task_kind::kLevels);
}

TEST(FilmTasksPlan, Second_film_is_indexed_before_the_first_one_is_whole) {
    test::SqliteService service("processing");
    MemoryTaskQueue bell;
    ledger::Ledger ledger(service.database, bell, "worker");
    const auto add = [&](const std::string& subject, const ledger::Plan& tasks) {
        service.write([&](SqlSession& session) {
            const auto job = ledger.add_job(session, {std::string(kFilmJob), subject, ledger::Priority::bulk});
            ledger.add_tasks(session, job.id, tasks);
        });
    };
    add("first", film_tasks(film(600 * 25, true, 1), ledger::Priority::interactive));
    add("second", {index_task(ledger::Priority::interactive)});
    std::vector<std::string> claimed;
    while (claimed.empty() || claimed.back() != task_kind::kIndex) {
        const auto kinds = std::vector<std::string>{"index", "video", "audio", "poster", "finish"};
        const auto task = service.loop.run(ledger.claim(kinds, ledger::Priority::bulk, "a"));
        ASSERT_TRUE(task);
        claimed.push_back(task->key);
    }
    EXPECT_EQ(claimed.size(), 7U);
}

TEST(FilmTasksPlan, Sound_alone_has_neither_picture_nor_poster) {
    const auto plan = film(600 * 25, false, 1);
    const auto tasks = film_tasks(plan, ledger::Priority::bulk);
    expect_whole(covered(tasks, task_kind::kAudio, plan.audio[0].name), plan.grid.segments());
    for (const auto& task : tasks)
        EXPECT_TRUE(task.kind == task_kind::kAudio || task.kind == task_kind::kFinish) << task.key;
}

TEST(WantedTask, Init_segment_is_made_with_the_first) {
    const auto init = wanted_task("v-h264-360", 0);
    const auto first = wanted_task("v-h264-360", 1);
    EXPECT_EQ(init.key, first.key);
    EXPECT_EQ(segment_task_from_json(first.args)->first, 0);
    EXPECT_EQ(first.priority, ledger::Priority::on_demand);
}

TEST(SegmentTask, Nonsense_is_refused) {
    for (const char* bad : {"", "{}", "[]", R"({"first":2,"end":2})", R"({"first":-1,"end":2})"})
        EXPECT_FALSE(segment_task_from_json(bad)) << bad;
}

}  // namespace
}  // namespace movio::processing
