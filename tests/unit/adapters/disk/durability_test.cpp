// What must be on the disk before commit() returns. The calls that matter are taken note of on their way to the
// kernel, because nothing short of pulling the plug would show that one is missing.
#include <algorithm>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/disk/blob_store.hpp"
#include "support/coroutines.hpp"
#include "support/temp_dir.hpp"

namespace {

std::mutex notes_mutex;
std::vector<std::string> notes;

std::string path_of(int descriptor) {
    std::error_code error;
    return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor), error).string();
}

void take_note(std::string what) {
    const std::scoped_lock lock(notes_mutex);
    notes.push_back(std::move(what));
}

}  // namespace

// Found before those of the C library.
extern "C" int fsync(int descriptor) {
    const std::string path = path_of(descriptor);
    const auto done = static_cast<int>(::syscall(SYS_fsync, descriptor));
    if (done == 0) take_note("sync " + path);
    return done;
}

extern "C" int mkdirat(int folder, const char* name, mode_t mode) noexcept {
    const auto done = static_cast<int>(::syscall(SYS_mkdirat, folder, name, mode));
    if (done == 0) take_note("mkdir " + path_of(folder) + "/" + name);
    return done;
}

extern "C" int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
    const auto done = static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
    if (done == 0) take_note("rename " + path_of(to_folder) + "/" + to);
    return done;
}

extern "C" int unlinkat(int folder, const char* name, int flags) noexcept {
    const auto done = static_cast<int>(::syscall(SYS_unlinkat, folder, name, flags));
    if (done == 0) take_note("remove " + path_of(folder) + "/" + name);
    return done;
}

namespace movio {
namespace {

using test::run;
using testing::ElementsAre;

class DiskDurability : public testing::Test {
protected:
    void SetUp() override { (void)taken(); }

    CommitOutcome put(std::string_view key) { return run(store_.put(BlobKey(key), Bytes(10))).value(); }
    // The notes since the last call, with paths from the root; staged files are "staged".
    std::vector<std::string> taken() {
        const std::scoped_lock lock(notes_mutex);
        auto found = std::exchange(notes, {});
        for (auto& note : found) {
            const std::string root = std::filesystem::canonical(root_).string();
            if (const auto at = note.find(root); at != std::string::npos) note.replace(at, root.size(), "root");
            if (const auto at = note.find("root/.tmp/"); at != std::string::npos)
                note.replace(at, note.size(), "staged");
        }
        return found;
    }

    test::TempDir folder_;
    std::filesystem::path root_ = folder_ / "blobs";
    Pool pool_{"disk", 1, 100};
    DiskBlobStore store_{{.root = root_}, pool_};
};

TEST_F(DiskDurability, Content_then_each_new_folder_then_the_name_are_durable_before_commit_returns) {
    EXPECT_EQ(put("media/v/a"), CommitOutcome::stored);
    EXPECT_THAT(taken(), ElementsAre("sync staged", "mkdir root/media", "sync root", "mkdir root/media/v",
                                     "sync root/media", "rename root/media/v/a", "sync root/media/v"));
}

TEST_F(DiskDurability, Known_folder_costs_nothing_more) {
    put("media/v/a");
    (void)taken();
    put("media/v/b");
    EXPECT_THAT(taken(), ElementsAre("sync staged", "rename root/media/v/b", "sync root/media/v"));
}

TEST_F(DiskDurability, Folder_that_another_process_made_is_not_trusted) {
    std::filesystem::create_directories(root_ / "media/v");
    put("media/v/a");
    EXPECT_THAT(taken(), ElementsAre("sync staged", "sync root", "sync root/media", "rename root/media/v/a",
                                     "sync root/media/v"));
}

TEST_F(DiskDurability, Folder_that_was_removed_is_made_durable_again) {
    put("media/a");
    run(store_.remove(BlobKey("media/a")));
    (void)taken();
    put("media/a");
    EXPECT_THAT(taken(),
                ElementsAre("sync staged", "mkdir root/media", "sync root", "rename root/media/a", "sync root/media"));
}

TEST_F(DiskDurability, Loser_says_existed_only_when_the_winner_is_durable) {
    put("media/a");
    (void)taken();
    EXPECT_EQ(put("media/a"), CommitOutcome::existed);
    EXPECT_THAT(taken(), ElementsAre("sync staged", "remove staged", "sync root/media"));
}

TEST_F(DiskDurability, Of_several_each_is_durable_before_its_name_and_their_folders_are_synced_once) {
    put("media/v/a");
    put("media/w/a");
    (void)taken();
    std::vector<NewBlob> blobs;
    for (const auto* key : {"media/v/b", "media/w/b", "media/v/c", "media/v/a"})
        blobs.push_back({BlobKey(key), Bytes(10)});
    run(store_.put_all(std::move(blobs))).value();
    EXPECT_THAT(taken(), ElementsAre("sync staged", "sync staged", "sync staged", "sync staged",
                                     "rename root/media/v/b", "rename root/media/w/b", "rename root/media/v/c",
                                     "remove staged", "sync root/media/v", "sync root/media/w"));
}

TEST_F(DiskDurability, Of_several_that_exist_already_the_winners_are_durable) {
    put("media/a");
    (void)taken();
    EXPECT_THAT(run(store_.put_all({{BlobKey("media/a"), Bytes(10)}})).value(), ElementsAre(CommitOutcome::existed));
    EXPECT_THAT(taken(), ElementsAre("sync staged", "remove staged", "sync root/media"));
}

TEST_F(DiskDurability, Move_makes_the_new_name_durable_before_the_loss_of_the_old) {
    put("staging/u");
    (void)taken();
    EXPECT_TRUE(run(store_.move(BlobKey("staging/u"), BlobKey("source/v"))));
    EXPECT_THAT(taken(), ElementsAre("mkdir root/source", "sync root", "rename root/source/v", "sync root/source",
                                     "sync root/staging", "remove root/staging"));
}

TEST_F(DiskDurability, Removal_is_durable) {
    put("media/a");
    put("media/b");
    (void)taken();
    run(store_.remove(BlobKey("media/a")));
    EXPECT_THAT(taken(), ElementsAre("remove root/media/a", "sync root/media"));
}

}  // namespace
}  // namespace movio
