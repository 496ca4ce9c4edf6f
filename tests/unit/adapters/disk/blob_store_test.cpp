#include "adapters/disk/blob_store.hpp"

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "support/coroutines.hpp"
#include "support/temp_dir.hpp"

namespace movio {
namespace {

using test::run;
using testing::IsEmpty;
using testing::SizeIs;

Bytes bytes(std::string_view text) {
    const auto view = as_bytes(text);
    return {view.begin(), view.end()};
}

unsigned mode_of(const std::filesystem::path& path) {
    struct stat info{};
    return ::lstat(path.c_str(), &info) == 0 ? info.st_mode & 0777U : 0;
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) names.push_back(entry.path().filename());
    return names;
}

class DiskBlobStoreTest : public testing::Test {
protected:
    test::TempDir folder_;
    std::filesystem::path root_ = folder_ / "blobs";
    Pool pool_{"disk", 2, 100};
    std::optional<DiskBlobStore> store_{std::in_place, DiskBlobStoreOptions{.root = root_}, pool_};

    void put(std::string_view key, std::string_view text) { ASSERT_TRUE(run(store_->put(BlobKey(key), bytes(text)))); }
    void wait_until_staging_is_empty() {
        for (int i = 0; i < 1000 && !names_in(root_ / ".tmp").empty(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        EXPECT_THAT(names_in(root_ / ".tmp"), IsEmpty());
    }
};

TEST_F(DiskBlobStoreTest, Files_and_folders_have_their_modes_whatever_the_umask) {
    const mode_t old = ::umask(0077);
    put("media/v/1/init.mp4", "x");
    ::umask(old);
    EXPECT_EQ(mode_of(root_ / "media/v/1/init.mp4"), 0640U);
    for (const char* folder : {"media", "media/v", "media/v/1"}) EXPECT_EQ(mode_of(root_ / folder), 0750U) << folder;
}

TEST_F(DiskBlobStoreTest, Local_file_is_the_blob) {
    put("media/v/1/a", "hello");
    const auto file = store_->local_file(BlobKey("media/v/1/a"));
    ASSERT_TRUE(file);
    std::ifstream in(*file);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "hello");
    EXPECT_EQ(std::filesystem::hard_link_count(*file), 1U);
}

TEST_F(DiskBlobStoreTest, Staging_is_empty_after_commit_lost_race_and_drop) {
    put("a", "x");
    put("a", "y");
    {
        const auto dropped = run(store_->create(BlobKey("b"), 10));
    }
    wait_until_staging_is_empty();
}

TEST_F(DiskBlobStoreTest, Leftovers_of_a_dead_process_are_swept_at_the_start_and_nothing_else) {
    put("a", "x");
    std::ofstream(root_ / ".tmp" / "left") << "half";
    // Written before the clock went back.
    std::ofstream(root_ / ".tmp" / "from tomorrow") << "half";
    std::filesystem::last_write_time(root_ / ".tmp" / "from tomorrow",
                                     std::filesystem::file_time_type::clock::now() + std::chrono::hours(24));
    store_.emplace(DiskBlobStoreOptions{.root = root_}, pool_);
    EXPECT_THAT(names_in(root_ / ".tmp"), IsEmpty());
    EXPECT_TRUE(run(store_->stat(BlobKey("a"))));
}

TEST_F(DiskBlobStoreTest, Shared_store_sweeps_only_what_is_old) {
    store_.emplace(DiskBlobStoreOptions{.root = root_, .sole_owner = false}, pool_);
    std::ofstream(root_ / ".tmp" / "young") << "half";
    std::ofstream(root_ / ".tmp" / "old") << "half";
    std::filesystem::last_write_time(root_ / ".tmp" / "old",
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(25));
    store_.emplace(DiskBlobStoreOptions{.root = root_, .sole_owner = false}, pool_);
    EXPECT_THAT(names_in(root_ / ".tmp"), SizeIs(2));
    EXPECT_EQ(run(store_->sweep_staging(std::chrono::hours(24))), 1);
    EXPECT_THAT(names_in(root_ / ".tmp"), testing::ElementsAre("young"));
}

TEST_F(DiskBlobStoreTest, Links_are_not_followed_and_not_blobs) {
    const auto outside = folder_ / "outside";
    std::filesystem::create_directory(outside);
    std::ofstream(outside / "secret") << "secret";
    std::filesystem::create_directory(root_ / "media");
    std::filesystem::create_symlink(outside, root_ / "media" / "v");
    std::filesystem::create_symlink(outside / "secret", root_ / "media" / "link");
    EXPECT_EQ(run(store_->open(BlobKey("media/v/secret"))), nullptr);
    EXPECT_EQ(run(store_->open(BlobKey("media/link"))), nullptr);
    EXPECT_EQ(run(store_->stat(BlobKey("media/link"))), std::nullopt);
    EXPECT_THAT(run(store_->list("", std::nullopt)).items, IsEmpty());
    EXPECT_THROW(std::ignore = run(store_->put(BlobKey("media/v/new"), bytes("x"))), Failure);
    EXPECT_THROW(std::ignore = run(store_->put(BlobKey("media/link"), bytes("x"))), Failure);
    run(store_->remove(BlobKey("media/v/secret")));
    EXPECT_THAT(names_in(outside), testing::ElementsAre("secret"));
}

TEST_F(DiskBlobStoreTest, What_is_no_regular_file_does_not_hold_up_a_read) {
    ASSERT_EQ(::mkfifo((root_ / "fifo").c_str(), 0600), 0);
    EXPECT_EQ(run(store_->open(BlobKey("fifo")), std::chrono::seconds(5)), nullptr);
}

TEST_F(DiskBlobStoreTest, Folders_go_with_their_last_blob) {
    put("media/v/1/a", "x");
    put("media/v/1/b", "x");
    run(store_->remove(BlobKey("media/v/1/a")));
    EXPECT_TRUE(std::filesystem::exists(root_ / "media/v/1"));
    run(store_->remove(BlobKey("media/v/1/b")));
    EXPECT_FALSE(std::filesystem::exists(root_ / "media"));
    EXPECT_TRUE(std::filesystem::exists(root_ / ".tmp"));
}

TEST_F(DiskBlobStoreTest, Reserve_is_kept_free) {
    store_.emplace(DiskBlobStoreOptions{.root = root_, .free_bytes_min = std::int64_t{1} << 60}, pool_);
    EXPECT_EQ(run(store_->put(BlobKey("a"), bytes("x"))).error().code, ErrorCode::no_space);
}

TEST_F(DiskBlobStoreTest, Several_that_cannot_all_be_stored_leave_nothing_in_staging) {
    std::filesystem::create_directories(root_ / "media/v/taken");
    std::vector<NewBlob> blobs;
    for (const auto* key : {"media/v/a", "media/v/taken", "media/v/b"}) blobs.push_back({BlobKey(key), bytes("x")});
    EXPECT_THROW(std::ignore = run(store_->put_all(std::move(blobs))), Failure) << "a folder has that name";
    EXPECT_TRUE(run(store_->stat(BlobKey("media/v/a"))));
    EXPECT_THAT(names_in(root_ / ".tmp"), IsEmpty());
    store_.emplace(DiskBlobStoreOptions{.root = root_, .free_bytes_min = std::int64_t{1} << 60}, pool_);
    EXPECT_EQ(run(store_->put_all({{BlobKey("a"), bytes("x")}})).error().code, ErrorCode::no_space);
}

TEST_F(DiskBlobStoreTest, Several_have_their_modes_whatever_the_umask) {
    const mode_t old = ::umask(0077);
    run(store_->put_all({{BlobKey("media/v/1/init.mp4"), bytes("x")}})).value();
    ::umask(old);
    EXPECT_EQ(mode_of(root_ / "media/v/1/init.mp4"), 0640U);
}

TEST_F(DiskBlobStoreTest, Reservation_that_was_not_needed_is_given_back) {
    auto writer = run(store_->create(BlobKey("a"), 4 << 20)).value();
    run(writer->write(bytes("x")));
    run(writer->commit());
    struct stat info{};
    ASSERT_EQ(::stat((root_ / "a").c_str(), &info), 0);
    EXPECT_EQ(info.st_size, 1);
    EXPECT_LE(info.st_blocks * 512, 64 << 10);
}

TEST_F(DiskBlobStoreTest, Root_that_cannot_be_made_is_a_failure_that_names_it) {
    std::ofstream(folder_ / "file") << "x";
    try {
        const DiskBlobStore store({.root = folder_ / "file" / "blobs"}, pool_);
        FAIL();
    } catch (const Failure& failure) {
        EXPECT_THAT(failure.what(), testing::HasSubstr("file/blobs"));
    }
}

// Readers look all the time while a process that writes is killed, again and again: what they find is whole.
TEST_F(DiskBlobStoreTest, Killed_writer_leaves_no_blob_in_part) {
#if __has_feature(thread_sanitizer)
    GTEST_SKIP() << "ThreadSanitizer ends a child that starts threads";
#endif
    constexpr std::size_t kSize = 300'000;
    store_.emplace(DiskBlobStoreOptions{.root = root_, .sole_owner = false}, pool_);
    std::size_t whole = 0;
    for (int round = 0; round < 10; ++round) {
        const pid_t child = ::fork();
        if (child == 0) {
            Pool pool("disk", 1, 10);
            DiskBlobStore store({.root = root_, .sole_owner = false}, pool);
            for (int i = 0;; ++i) {
                const auto key = "media/" + std::to_string(round) + "/" + std::to_string(i);
                if (!run(store.put(BlobKey(key), Bytes(kSize, static_cast<std::byte>(i))))) ::_exit(1);
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20 + 7 * round));
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status));
        const auto found = run(store_->list("media/" + std::to_string(round) + "/", std::nullopt));
        for (const auto& item : found.items) {
            EXPECT_EQ(item.bytes, static_cast<std::int64_t>(kSize)) << item.key;
            const auto content = run(store_->get(BlobKey(item.key), 1 << 20)).value();
            EXPECT_EQ(content, Bytes(kSize, content.at(0))) << item.key;
        }
        whole += found.items.size();
    }
    EXPECT_GT(whole, 0U);
    EXPECT_LE(names_in(root_ / ".tmp").size(), 10U);
}

}  // namespace
}  // namespace movio
