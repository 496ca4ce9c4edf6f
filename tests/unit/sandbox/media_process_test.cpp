#include "sandbox/media_process.hpp"

#include <chrono>
#include <fstream>
#include <future>
#include <mutex>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/digest.hpp"
#include "unit/sandbox/harness.hpp"

namespace movio::sandbox::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class MediaProcessesTest : public ::testing::Test {
protected:
    MediaProcesses processes{options_for(fake_media())};
    RunRecord run(const std::string& script) { return run_job(processes, script_job(script)); }

    void TearDown() override { EXPECT_TRUE(no_child_left()); }
};

std::string long_text(std::size_t bytes) {
    std::string text = "digest ";
    for (std::uint64_t i = 0; text.size() < bytes; ++i) text += std::to_string(i * 2'654'435'761U);
    text.resize(bytes);
    return text;
}

class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& text)
        : path_(std::filesystem::temp_directory_path() / ("movio-sandbox-test-" + std::to_string(::getpid()))) {
        std::ofstream(path_, std::ios::binary) << text;
    }
    ~TemporaryFile() { std::filesystem::remove(path_); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

TEST_F(MediaProcessesTest, Run_that_ends_well_hands_over_its_artefact) {
    const RunRecord done = run("echo 123");
    ASSERT_TRUE(done.ok()) << done.detail();
    ASSERT_EQ(done.artefacts.size(), 1U);
    EXPECT_EQ(done.text(0), R"({"size":8})");
}

TEST_F(MediaProcessesTest, Run_of_many_artefacts_keeps_order_and_tells_each_progress_once) {
    const RunRecord done = run("many");
    ASSERT_TRUE(done.ok()) << done.detail();
    ASSERT_EQ(done.artefacts.size(), 33U);
    for (std::size_t i = 0; i < 32; ++i) EXPECT_EQ(done.artefacts[i].rendition, std::to_string(i));
    EXPECT_EQ(done.progress.size(), 32U);
    EXPECT_TRUE(std::ranges::is_sorted(done.progress));
}

TEST_F(MediaProcessesTest, Cost_is_the_processor_time_of_the_child_and_told_once) {
    const auto costs_of = [this](const std::string& script, std::chrono::seconds limit) {
        std::vector<std::chrono::microseconds> costs;
        auto job = script_job(script);
        job.wall_limit = limit;
        job.on_cost = [&costs](std::chrono::microseconds cpu) { costs.push_back(cpu); };
        run_job(processes, std::move(job));
        return costs;
    };
    const auto burnt = costs_of("burn", 60s);
    ASSERT_EQ(burnt.size(), 1U);
    EXPECT_GE(burnt[0], 300ms);
    EXPECT_LT(burnt[0], 3s);
    const auto slept = costs_of("slow", 60s);
    ASSERT_EQ(slept.size(), 1U);
    EXPECT_LT(slept[0], 300ms) << "sleeping costs nothing";
    EXPECT_EQ(costs_of("hang", 1s).size(), 1U) << "also of one that is killed";
}

// Looks at what runs whenever the child reads.
class WatchedSource : public MemorySource {
public:
    WatchedSource(MediaProcesses& processes, std::string text) : MemorySource(std::move(text)), processes_(processes) {}
    Awaitable<Bytes> read(std::int64_t offset, std::size_t length) override {
        seen = processes_.running();
        return MemorySource::read(offset, length);
    }
    std::vector<RunningProcess> seen;

private:
    MediaProcesses& processes_;
};

TEST_F(MediaProcessesTest, Child_that_runs_is_listed_until_it_ends) {
    const auto source = std::make_shared<WatchedSource>(processes, "echo 123");
    auto job = index_job(source);
    job.log_id = "film";
    job.task_id = "task";
    job.urgency = Urgency::interactive;
    ASSERT_TRUE(run_job(processes, std::move(job)).ok());
    ASSERT_EQ(source->seen.size(), 1U);
    const auto& child = source->seen[0];
    EXPECT_GT(child.pid, 0);
    EXPECT_EQ(child.log_id, "film");
    EXPECT_EQ(child.task_id, "task");
    EXPECT_EQ(child.urgency, Urgency::interactive);
    EXPECT_GT(child.started_us, 0);
    EXPECT_GT(child.rss_bytes, 0) << "as the kernel has it";
    EXPECT_TRUE(processes.running().empty());
}

TEST_F(MediaProcessesTest, Source_by_request_arrives_whole) {
    const std::string text = long_text((5U << 20) + 12'345);
    const RunRecord done = run(text);
    ASSERT_TRUE(done.ok()) << done.detail();
    EXPECT_THAT(done.text(0), HasSubstr(sha256_hex(as_bytes(text))));
}

TEST_F(MediaProcessesTest, Source_by_descriptor_arrives_whole) {
    const std::string text = long_text((5U << 20) + 12'345);
    const TemporaryFile file(text);
    const RunRecord done = run_job(processes, index_job(std::make_shared<DiskSource>(file.path())));
    ASSERT_TRUE(done.ok()) << done.detail();
    EXPECT_THAT(done.text(0), HasSubstr(sha256_hex(as_bytes(text))));
}

TEST_F(MediaProcessesTest, Source_that_grows_arrives_whole) {
    const std::string text = long_text((5U << 20) + 12'345);
    const auto source = std::make_shared<GrowingFileSource>(text, 700'001);
    const RunRecord done = run_job(processes, index_job(source));
    ASSERT_TRUE(done.ok()) << done.detail();
    EXPECT_THAT(done.text(0), HasSubstr(sha256_hex(as_bytes(text))));
    EXPECT_GE(source->waits, 4);
}

TEST_F(MediaProcessesTest, Size_of_a_source_that_grows_is_known_at_its_end) {
    std::string text = long_text(3U << 20);
    text.replace(0, 10, "scattered ");
    const TemporaryFile file(text);
    const RunRecord grown = run_job(processes, index_job(std::make_shared<GrowingFileSource>(text, 1U << 20)));
    const RunRecord whole = run_job(processes, index_job(std::make_shared<DiskSource>(file.path())));
    ASSERT_TRUE(grown.ok()) << grown.detail();
    EXPECT_EQ(grown.text(0), whole.text(0));
}

TEST_F(MediaProcessesTest, Source_that_grows_no_more_ends_the_job) {
    const auto source = std::make_shared<GrowingFileSource>(long_text(3U << 20), 1U << 20);
    source->stalls_at = 1 << 20;
    EXPECT_EQ(run_job(processes, index_job(source)).code(), ErrorCode::cancelled);
}

TEST_F(MediaProcessesTest, Waiting_for_a_source_to_grow_is_not_held_against_the_child) {
    const auto source = std::make_shared<GrowingFileSource>(long_text(4U << 20), 1U << 20);
    source->wait_each = 500ms;
    const RunRecord done = run_job(processes, index_job(source, 1s));
    EXPECT_TRUE(done.ok()) << done.message() << done.detail();
}

TEST_F(MediaProcessesTest, Child_that_waits_for_its_source_holds_no_place_that_others_need) {
    MediaProcesses one(options_for(fake_media(), 1));
    const auto source = std::make_shared<GrowingFileSource>(long_text(2U << 20), 1U << 20);
    source->wait_each = 3s;
    auto growing = std::async(std::launch::async, [&] { return run_job(one, index_job(source)); });
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_TRUE(run_job(one, script_job("echo 1")).ok());
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 3s);
    EXPECT_TRUE(growing.get().ok());
}

TEST_F(MediaProcessesTest, Child_that_waits_for_nothing_is_refused) {
    EXPECT_THAT(run("wait-for-nothing").detail(), HasSubstr("it waits for nothing"));
}

TEST_F(MediaProcessesTest, Source_read_here_and_there_is_the_same_both_ways) {
    std::string text = long_text(30U << 20);
    text.replace(0, 10, "scattered ");
    const TemporaryFile file(text);
    const RunRecord by_request = run(text);
    const RunRecord by_descriptor = run_job(processes, index_job(std::make_shared<DiskSource>(file.path())));
    // 4,000 scattered reads of 30 blocks with 8 in the cache would be more than the limit of reads allows.
    EXPECT_EQ(by_request.code(), ErrorCode::damaged) << by_request.detail();
    ASSERT_TRUE(by_descriptor.ok()) << by_descriptor.detail();

    text.resize(7U << 20);
    std::ofstream(file.path(), std::ios::binary | std::ios::trunc) << text;
    const RunRecord small_by_request = run(text);
    const RunRecord small_by_descriptor = run_job(processes, index_job(std::make_shared<DiskSource>(file.path())));
    ASSERT_TRUE(small_by_request.ok()) << small_by_request.detail();
    ASSERT_TRUE(small_by_descriptor.ok()) << small_by_descriptor.detail();
    EXPECT_EQ(small_by_request.text(0), small_by_descriptor.text(0));
}

TEST_F(MediaProcessesTest, Source_that_is_gone_or_no_file_or_down_is_an_outage) {
    EXPECT_THAT(run_job(processes, index_job(std::make_shared<FailingSource>("echo"))).failure,
                HasSubstr("the store is down"));
    class Missing : public DiskSource {
    public:
        using DiskSource::DiskSource;
        std::int64_t size() const override { return 1; }
    };
    EXPECT_THAT(run_job(processes, index_job(std::make_shared<Missing>("/nonexistent/file"))).failure,
                HasSubstr("cannot be opened"));
    EXPECT_THAT(run_job(processes, index_job(std::make_shared<Missing>("/tmp"))).failure,
                HasSubstr("not a regular file"));
}

TEST_F(MediaProcessesTest, Error_that_the_engine_gives_is_the_result) {
    const RunRecord done = run("refuse");
    EXPECT_EQ(done.code(), ErrorCode::encrypted);
    EXPECT_EQ(done.message(), "It is encrypted.");
    EXPECT_EQ(done.detail(), "drm ");
}

struct BadEnd {
    std::string script;
    ErrorCode code;
    std::string detail;
};

TEST_F(MediaProcessesTest, Child_that_ends_badly_is_an_error_of_the_media) {
    const BadEnd ends[] = {
        {"segv", ErrorCode::damaged, "SEGV"},        {"abort", ErrorCode::damaged, "SIGABRT"},
        {"socket", ErrorCode::internal, "SIGSYS"},   {"large-file", ErrorCode::too_large, "SIGXFSZ"},
        {"exit", ErrorCode::damaged, "exit code 7"}, {"throw", ErrorCode::internal, "thrown on purpose"},
        {"memory", ErrorCode::too_large, ""},
    };
    for (const auto& end : ends) {
        const RunRecord done = run(end.script);
        EXPECT_EQ(done.code(), end.code) << end.script << ": " << done.message() << " " << done.detail();
        EXPECT_THAT(done.detail(), HasSubstr(end.detail)) << end.script;
    }
}

TEST_F(MediaProcessesTest, Child_killed_from_outside_is_an_outage_so_that_it_is_tried_again) {
    const RunRecord done = run("killed");
    EXPECT_FALSE(done.result.has_value());
    EXPECT_THAT(done.failure, HasSubstr("SIGKILL"));
}

TEST_F(MediaProcessesTest, Child_that_hangs_is_killed_at_the_wall_clock_limit) {
    auto job = script_job("hang");
    job.wall_limit = 1s;
    const auto begin = std::chrono::steady_clock::now();
    const RunRecord done = run_job(processes, std::move(job));
    EXPECT_EQ(done.code(), ErrorCode::timeout) << done.detail();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 11s);  // ten times the limit on a machine that is busy
}

TEST_F(MediaProcessesTest, Child_that_hangs_up_and_goes_on_is_killed) {
    const RunRecord done = run("hang-up");
    EXPECT_EQ(done.code(), ErrorCode::internal);
    EXPECT_THAT(done.message(), HasSubstr("closed its line"));
}

TEST_F(MediaProcessesTest, Stop_while_it_runs_kills_the_child) {
    std::stop_source stop;
    const std::jthread later([&stop] {
        std::this_thread::sleep_for(300ms);
        stop.request_stop();
    });
    const RunRecord done = run_job(processes, script_job("hang"), stop.get_token());
    EXPECT_EQ(done.code(), ErrorCode::cancelled);
}

TEST_F(MediaProcessesTest, Stop_before_it_begins_starts_nothing) {
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(run_job(processes, script_job("echo"), stop.get_token()).code(), ErrorCode::cancelled);
}

TEST_F(MediaProcessesTest, Child_that_breaks_the_protocol_is_refused) {
    const char* misdeeds[] = {
        "garbage",
        "unknown-type",
        "not-an-object",
        "hello-again",
        "oversized",
        "deep",
        "permille",
        "negative-read",
        "far-slot",
        "long-read",
        "done-early",
        "flood",
        "unsealed",
        "no-memfd",
        "channel-as-memfd",
        "wrong-size",
        "huge-size",
        "no-descriptor",
        "two-descriptors",
        "unwanted-kind",
        "unknown-kind",
        "two-indexes",
        "descriptor-on-progress",
    };
    const auto before = open_descriptors();
    for (const std::string misdeed : misdeeds) {
        const RunRecord done = run(misdeed);
        EXPECT_EQ(done.code(), ErrorCode::internal) << misdeed << ": " << done.message() << " " << done.detail();
        EXPECT_EQ(done.message(), "The media process did not keep to its order.") << misdeed << done.detail();
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST_F(MediaProcessesTest, Child_that_asks_and_never_listens_waits_for_its_end) {
    auto job = script_job("flood-reads");
    job.wall_limit = 1s;
    EXPECT_EQ(run_job(processes, std::move(job)).code(), ErrorCode::timeout);
}

TEST_F(MediaProcessesTest, Error_that_a_child_forges_cannot_forge_lines_or_a_cancellation) {
    const RunRecord done = run("forged-error");
    EXPECT_EQ(done.code(), ErrorCode::internal);
    EXPECT_EQ(done.message(), "a b");
}

TEST_F(MediaProcessesTest, Standard_error_is_kept_to_its_last_4_kib_and_never_blocks) {
    const RunRecord done = run("chatter");
    EXPECT_EQ(done.code(), ErrorCode::damaged) << done.detail();
    EXPECT_THAT(done.detail(), HasSubstr("xxxx"));
    EXPECT_LE(done.detail().size(), 4200U);
}

Awaitable<media::MediaResult<void>> refuse_artefact() {
    co_return media::bad_media(media::MediaStage::package, ErrorCode::no_space, "The disk is full.");
}

Awaitable<media::MediaResult<void>> fail_at_artefact() {
    throw Failure("the store went away");
    co_return media::MediaResult<void>();
}

Awaitable<void> run_with(MediaProcesses* processes, MediaJob job, ArtefactHandler handler, RunRecord* into) {
    try {
        into->result = co_await processes->run(std::move(job), std::move(handler), {}, {});
    } catch (const Failure& failure) {
        into->failure = failure.what();
    }
}

TEST_F(MediaProcessesTest, Handler_that_refuses_or_fails_ends_the_run_its_way) {
    RunRecord refused;
    RunRecord failed;
    asio::io_context loop(1);
    const auto started = [](const std::exception_ptr&) {};
    asio::co_spawn(loop,
                   run_with(&processes, script_job("many"), [](auto) { return refuse_artefact(); }, &refused), started);
    asio::co_spawn(loop,
                   run_with(&processes, script_job("many"), [](auto) { return fail_at_artefact(); }, &failed), started);
    loop.run();
    EXPECT_EQ(refused.code(), ErrorCode::no_space);
    EXPECT_EQ(failed.failure, "the store went away");
}

TEST_F(MediaProcessesTest, Two_hundred_runs_leave_no_descriptor_and_no_process) {
    (void)run("echo");
    const auto before = open_descriptors();
    const char* scripts[] = {"echo", "segv", "many", "refuse", "garbage"};
    for (int i = 0; i < 200; ++i) (void)run(scripts[i % 5]);
    EXPECT_EQ(open_descriptors(), before);
}

TEST_F(MediaProcessesTest, Runs_from_several_threads_do_not_mix) {
    std::vector<std::jthread> threads;
    std::mutex mutex;
    std::vector<std::string> wrong;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&, thread] {
            for (int i = 0; i < 10; ++i) {
                const std::string script = "echo " + std::string(static_cast<std::size_t>(thread * 100 + i), '.');
                const RunRecord done = run_job(processes, script_job(script));
                const std::string expected = "{\"size\":" + std::to_string(script.size()) + "}";
                const std::scoped_lock lock(mutex);
                if (!done.ok() || done.text(0) != expected) wrong.push_back(script + ": " + done.detail());
            }
        });
    }
    threads.clear();
    EXPECT_THAT(wrong, ::testing::IsEmpty());
}

struct Order {
    std::vector<std::string> ended;
};

Awaitable<media::MediaResult<void>> note(Order* order, std::string name) {
    order->ended.push_back(std::move(name));
    co_return media::MediaResult<void>();
}

TEST_F(MediaProcessesTest, What_is_more_urgent_goes_before_what_waited_longer) {
    MediaProcesses one(options_for(fake_media(), 1));
    Order order;
    std::array<RunRecord, 5> runs;
    asio::io_context loop(1);
    const std::pair<const char*, Urgency> jobs[] = {{"first", Urgency::batch},
                                                    {"batch", Urgency::batch},
                                                    {"later batch", Urgency::batch},
                                                    {"interactive", Urgency::interactive},
                                                    {"on demand", Urgency::on_demand}};
    for (std::size_t i = 0; i < runs.size(); ++i) {
        auto job = script_job("slow");
        job.urgency = jobs[i].second;
        const std::string name = jobs[i].first;
        asio::co_spawn(loop,
                       run_with(
                           &one, std::move(job), [&order, name](auto) { return note(&order, name); }, &runs[i]),
                       [](const std::exception_ptr&) {});
    }
    loop.run();
    EXPECT_THAT(order.ended, ::testing::ElementsAre("first", "on demand", "interactive", "batch", "later batch"));
}

TEST_F(MediaProcessesTest, Stop_while_it_waits_for_its_turn_leaves_the_queue) {
    MediaProcesses one(options_for(fake_media(), 1));
    std::stop_source stop;
    RunRecord waiting;
    const std::jthread holder([&one] { (void)run_job(one, script_job("slow")); });
    std::this_thread::sleep_for(100ms);
    const std::jthread waiter([&] { waiting = run_job(one, script_job("hang"), stop.get_token()); });
    std::this_thread::sleep_for(50ms);
    stop.request_stop();
    const RunRecord after = run_job(one, script_job("echo"));
    EXPECT_TRUE(after.ok()) << after.detail();
}

TEST(MediaProcesses, Executable_that_is_not_there_is_said_at_once) {
    EXPECT_THROW(MediaProcesses(options_for("/nonexistent/movio-media")), Failure);
}

TEST(MediaProcesses, Executable_that_cannot_run_is_an_outage) {
    MediaProcesses text(options_for(std::filesystem::path(MOVIO_SOURCE_DIR) / "CMakeLists.txt"));
    EXPECT_THAT(run_job(text, script_job("echo")).failure, HasSubstr("could not be started"));
    MediaProcesses other(options_for("/bin/true"));
    EXPECT_THAT(run_job(other, script_job("echo")).failure, HasSubstr("ended before it began"));
    EXPECT_TRUE(no_child_left());
}

}  // namespace
}  // namespace movio::sandbox::testing
