#include "adapters/disk/usage.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace movio::disk {
namespace {

void write_file(const std::filesystem::path& file, std::size_t bytes) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << std::string(bytes, 'x');
}

TEST(FolderUse, Counts_every_file_below_and_follows_no_link) {
    const test::TempDir folder;
    write_file(folder / "media" / "a" / "1.m4s", 100'000);
    write_file(folder / "media" / "b.m4s", 200'000);
    const auto use = folder_use(folder / "media");
    EXPECT_EQ(use.files, 2);
    EXPECT_GE(use.bytes, 300'000);
    EXPECT_LT(use.bytes, 400'000) << "no more than the blocks that they take";
    std::filesystem::create_symlink(folder / "media", folder / "link");
    std::filesystem::create_directory(folder / "other");
    std::filesystem::create_symlink(folder / "media" / "b.m4s", folder / "other" / "link");
    EXPECT_EQ(folder_use(folder / "other").files, 0);
}

TEST(FolderUse, Is_of_one_file_or_of_nothing) {
    const test::TempDir folder;
    write_file(folder / "one", 5000);
    EXPECT_EQ(folder_use(folder / "one").files, 1);
    EXPECT_GE(folder_use(folder / "one").bytes, 5000);
    EXPECT_EQ(folder_use(folder / "nothing").files, 0);
}

TEST(FileSystemUse, Has_room_and_less_of_it_free) {
    const test::TempDir folder;
    const auto use = file_system_use(folder.path());
    EXPECT_GT(use.bytes, 0);
    EXPECT_LE(use.free_bytes, use.bytes);
    EXPECT_EQ(file_system_use(folder / "nothing").bytes, 0);
}

}  // namespace
}  // namespace movio::disk
