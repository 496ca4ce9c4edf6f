#include "adapters/disk/notice_files.hpp"

#include <fstream>
#include <iterator>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "support/coroutines.hpp"
#include "support/temp_dir.hpp"

namespace movio {
namespace {

using test::run;
using testing::HasSubstr;
using testing::Not;

constexpr auto kSecret = "https://films.example/reset-password#Zm9v";

class NoticeFilesTest : public testing::Test {
protected:
    static Notice notice(std::int64_t life_us = 3'600'000'000) {
        Notice notice;
        notice.id = NoticeId::make();
        notice.kind = "password.reset";
        notice.to = "ada@example.org";
        notice.fields = {{"link", kSecret}};
        notice.until_us = wall_now_us() + life_us;
        return notice;
    }
    std::filesystem::path file_of(const Notice& notice) const { return folder / (notice.id.text() + ".json"); }
    static unsigned mode_of(const std::filesystem::path& path) {
        struct stat facts{};
        return ::lstat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777U : 0;
    }
    std::size_t count_files() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
    }

    test::TempDir temp;
    std::filesystem::path folder = temp.path() / "notices";
    Pool disk{"disk", 1, 100};
    NoticeFiles notices{folder, disk, 3};
};

TEST_F(NoticeFilesTest, Nobody_but_the_owner_may_read_them) {
    ::umask(0);
    const auto one = notice();
    run(notices.send(one));
    ::umask(0027);
    EXPECT_EQ(mode_of(folder), 0700U);
    EXPECT_EQ(mode_of(file_of(one)), 0600U);
}

TEST_F(NoticeFilesTest, The_log_names_the_file_and_not_what_is_in_it) {
    const auto one = notice();
    testing::internal::CaptureStderr();
    run(notices.send(one));
    const auto logged = testing::internal::GetCapturedStderr();
    EXPECT_THAT(logged, HasSubstr(file_of(one).string()));
    EXPECT_THAT(logged, Not(HasSubstr("Zm9v")));
    EXPECT_THAT(logged, Not(HasSubstr("ada@example.org")));
}

TEST_F(NoticeFilesTest, Find_gives_one_with_its_link_and_nothing_for_others) {
    const auto one = notice();
    run(notices.send(one));
    const auto found = run(notices.find(one.id));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->fields.at("link"), kSecret);
    EXPECT_FALSE(run(notices.find(NoticeId::make())));
}

TEST_F(NoticeFilesTest, Beyond_the_bound_the_oldest_go) {
    std::vector<Notice> sent;
    for (int i = 0; i < 5; ++i) {
        sent.push_back(notice());
        run(notices.send(sent.back()));
    }
    EXPECT_EQ(count_files(), 3);
    const auto kept = run(notices.list());
    ASSERT_EQ(kept.size(), 3);
    for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(kept[i].id, sent[4 - i].id) << "the newest first";
}

TEST_F(NoticeFilesTest, What_has_run_out_is_not_shown_and_then_removed) {
    const auto short_lived = notice(50'000);
    const auto other = notice();
    run(notices.send(short_lived));
    run(notices.send(other));
    while (wall_now_us() <= short_lived.until_us) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_FALSE(run(notices.find(short_lived.id)));
    ASSERT_EQ(run(notices.list()).size(), 1);
    run(notices.clean_up());
    EXPECT_FALSE(std::filesystem::exists(file_of(short_lived)));
    EXPECT_TRUE(std::filesystem::exists(file_of(other)));
}

TEST_F(NoticeFilesTest, What_an_attempt_left_that_was_cut_off_is_no_notice_and_in_nobodys_way) {
    const auto one = notice();
    std::filesystem::create_directory(folder);
    std::ofstream(file_of(one).string() + ".new") << R"({"id":")";
    std::ofstream(folder / "broken.json") << "{";
    EXPECT_TRUE(run(notices.list()).empty());
    run(notices.send(one));
    EXPECT_EQ(run(notices.list()).size(), 1);
    run(notices.clean_up());
    EXPECT_EQ(count_files(), 1);
}

TEST_F(NoticeFilesTest, A_folder_that_cannot_be_written_is_an_outage) {
    std::ofstream(folder.string()) << "a file where the folder should be";
    EXPECT_THROW(run(notices.send(notice())), Failure);
}

}  // namespace
}  // namespace movio
