#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/sandbox/harness.hpp"

namespace movio::sandbox::testing {
namespace {

using namespace std::chrono_literals;

// Runs `body` in a process of its own; its exit code. Called before this process has other threads.
int in_a_process(const std::function<int()>& body) {
    const pid_t pid = ::fork();
    if (pid == 0) ::_exit(body());
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int selftest_exit_code(const MediaProcessOptions& options) {
    MediaProcesses processes(options);
    const Level level = run_selftest(processes);
    if (!level.confined) return 1;
    return level.level.seccomp && level.level.unprivileged ? 0 : 2;
}

TEST(Selftest, Passes_for_the_media_process_that_is_shipped) {
    MediaProcesses processes(options_for(real_media()));
    const Level level = run_selftest(processes);
    ASSERT_TRUE(level.confined);
    EXPECT_TRUE(level.level.seccomp);
    EXPECT_THAT(level.level.text(), ::testing::HasSubstr("seccomp"));
    EXPECT_TRUE(no_child_left());
}

TEST(Selftest, Passes_for_a_user_without_privileges) {
    if (::geteuid() != 0) GTEST_SKIP() << "the test above ran without privileges already";
    constexpr uid_t kNobody = 65534;
    auto options = options_for(real_media());
    // Opened first, as Movio does it: the program may lie where that user cannot go.
    options.executable_descriptor = ::open(options.executable.c_str(), O_PATH | O_CLOEXEC);
    const int code = in_a_process([&options] {
        if (::setresgid(kNobody, kNobody, kNobody) != 0 || ::setresuid(kNobody, kNobody, kNobody) != 0) return 3;
        return selftest_exit_code(options);
    });
    ::close(options.executable_descriptor);
    EXPECT_EQ(code, 0);
}

TEST(Confinement, Child_of_root_runs_as_another_user_whatever_the_options_say) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    for (const int wanted : {-1, 0, 4242}) {
        auto options = options_for(fake_media());
        options.run_as_uid = wanted;
        options.run_as_gid = wanted;
        MediaProcesses processes(options);
        std::stop_source stop;
        const std::jthread looker([&] {
            std::this_thread::sleep_for(300ms);
            const auto children = children_of(::getpid());
            ASSERT_EQ(children.size(), 1U);
            const std::string uid = std::to_string(wanted > 0 ? wanted : 65534);
            std::string all_four;
            for (int number = 0; number < 4; ++number) all_four.append("\t").append(uid);
            EXPECT_EQ(status_of(children[0], "Uid"), all_four);
            EXPECT_EQ(status_of(children[0], "Gid"), all_four);
            EXPECT_EQ(status_of(children[0], "Groups"), "\t ");
            EXPECT_EQ(status_of(children[0], "CapEff"), "\t0000000000000000");
            EXPECT_EQ(status_of(children[0], "NoNewPrivs"), "\t1");
            EXPECT_EQ(status_of(children[0], "Seccomp"), "\t2");
            EXPECT_EQ(status_of(children[0], "Name"), "\tmovio-media");
            stop.request_stop();
        });
        (void)run_job(processes, script_job("hang"), stop.get_token());
    }
}

TEST(Confinement, Batch_child_is_scheduled_idle_and_on_demand_is_not) {
    const int own_nice = ::getpriority(PRIO_PROCESS, 0);
    for (const auto urgency : {Urgency::batch, Urgency::interactive, Urgency::on_demand}) {
        MediaProcesses processes(options_for(fake_media()));
        std::stop_source stop;
        const std::jthread looker([&] {
            std::this_thread::sleep_for(300ms);
            const auto children = children_of(::getpid());
            ASSERT_EQ(children.size(), 1U);
            EXPECT_EQ(::sched_getscheduler(children[0]), urgency == Urgency::batch ? SCHED_IDLE : SCHED_OTHER);
            const int nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(children[0]));
            EXPECT_EQ(nice, urgency == Urgency::interactive ? std::min(own_nice + 5, 19) : own_nice);
            stop.request_stop();
        });
        auto job = script_job("hang");
        job.urgency = urgency;
        (void)run_job(processes, std::move(job), stop.get_token());
    }
}

TEST(Confinement, Children_share_as_many_processors_as_they_may) {
    cpu_set_t all;
    ASSERT_EQ(::sched_getaffinity(0, sizeof all, &all), 0);
    for (const int most : {0, 1, CPU_COUNT(&all), 1000}) {
        auto options = options_for(fake_media());
        options.cpus_max = most;
        MediaProcesses processes(options);
        std::stop_source stop;
        const std::jthread looker([&] {
            std::this_thread::sleep_for(300ms);
            const auto children = children_of(::getpid());
            ASSERT_EQ(children.size(), 1U);
            cpu_set_t given;
            ASSERT_EQ(::sched_getaffinity(children[0], sizeof given, &given), 0);
            EXPECT_EQ(CPU_COUNT(&given), most == 0 ? CPU_COUNT(&all) : std::min(most, CPU_COUNT(&all)));
            stop.request_stop();
        });
        (void)run_job(processes, script_job("hang"), stop.get_token());
    }
}

TEST(Confinement, Child_does_not_outlive_its_parent) {
    const pid_t parent = ::fork();
    if (parent == 0) {
        MediaProcesses processes(options_for(fake_media()));
        (void)run_job(processes, script_job("hang"));
        ::_exit(0);
    }
    std::vector<int> children;
    for (int i = 0; i < 100 && children.empty(); ++i) {
        std::this_thread::sleep_for(50ms);
        children = children_of(parent);
    }
    std::this_thread::sleep_for(300ms);  // it is at work by then
    ::kill(parent, SIGKILL);
    ::waitpid(parent, nullptr, 0);
    ASSERT_EQ(children.size(), 1U);
    bool gone = false;
    for (int i = 0; i < 40 && !gone; ++i) {
        std::this_thread::sleep_for(50ms);
        gone = !status_of(children[0], "Name").has_value();
    }
    EXPECT_TRUE(gone);
}

struct Printed {
    std::string text;
    int code = -1;
};

Printed print(const std::string& command) {
    Printed printed;
    FILE* pipe = ::popen(command.c_str(), "r");
    std::array<char, 256> part{};
    while (std::fgets(part.data(), part.size(), pipe) != nullptr) printed.text += part.data();
    printed.code = WEXITSTATUS(::pclose(pipe));
    return printed;
}

TEST(MovioMedia, Version_names_itself_and_its_libraries) {
    const auto printed = print(real_media().string() + " --version");
    EXPECT_EQ(printed.code, 0);
    EXPECT_THAT(printed.text, ::testing::StartsWith("movio-media "));
    EXPECT_THAT(printed.text, ::testing::HasSubstr("libavcodec "));
}

TEST(MovioMedia, Started_by_hand_it_explains_itself) {
    const auto printed = print(real_media().string() + " 2>&1");
    EXPECT_EQ(printed.code, 2);
    EXPECT_THAT(printed.text, ::testing::StartsWith("movio-media is started by movio"));
}

}  // namespace
}  // namespace movio::sandbox::testing
