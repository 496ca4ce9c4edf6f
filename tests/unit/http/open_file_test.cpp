#include "http/open_file.hpp"

#include <fstream>
#include <future>
#include <latch>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/uio.h>
#include <unistd.h>

#include "support/coroutines.hpp"
#include "support/temp_dir.hpp"

namespace movio::http {
namespace {

constexpr std::int64_t kBytes = 4 << 20;

class OpenFileTest : public ::testing::Test {
protected:
    OpenFileTest() { std::ofstream(path, std::ios::binary) << std::string(kBytes, 'x'); }

    // Drops the file from memory; false where the file system keeps it there or cannot tell.
    bool make_cold() const {
        const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        ::fsync(file);
        ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
        const bool cold = !is_warm(file, 0);
        ::close(file);
        return cold;
    }

    static bool is_warm(int file, std::int64_t offset) {
        char byte = 0;
        const iovec probe{&byte, 1};
        return ::preadv2(file, &probe, 1, offset, RWF_NOWAIT) == 1;
    }

    const movio::test::TempDir folder;
    const std::filesystem::path path = folder / "film";
    Pool disk{"disk", 1, 1};
};

TEST_F(OpenFileTest, Regular_files_are_opened_with_their_size) {
    for (Pool* pool : {static_cast<Pool*>(nullptr), &disk}) {
        const auto file = movio::test::run(open_file(path, pool));
        ASSERT_TRUE(file);
        EXPECT_EQ(file->bytes(), kBytes);
        EXPECT_FALSE(movio::test::run(open_file(folder.path(), pool)));
        EXPECT_FALSE(movio::test::run(open_file(folder / "none", pool)));
        EXPECT_FALSE(movio::test::run(open_file("/dev/null", pool)));
    }
}

TEST_F(OpenFileTest, Descriptors_are_closed) {
    int descriptor = -1;
    {
        auto file = movio::test::run(open_file(path, nullptr));
        const auto moved = std::move(*file);
        descriptor = moved.descriptor();
        EXPECT_GE(::fcntl(descriptor, F_GETFD), 0);
        EXPECT_NE(::fcntl(descriptor, F_GETFD) & FD_CLOEXEC, 0);
    }
    EXPECT_EQ(::fcntl(descriptor, F_GETFD), -1);
}

TEST_F(OpenFileTest, Cold_part_is_read_on_the_pool) {
    if (!make_cold()) GTEST_SKIP() << "this file system keeps files in memory";
    const auto file = movio::test::run(open_file(path, &disk));
    movio::test::run(warm(file->descriptor(), 1 << 20, 1 << 20, &disk));
    EXPECT_TRUE(is_warm(file->descriptor(), 1 << 20));
    EXPECT_TRUE(is_warm(file->descriptor(), (2 << 20) - 1));
}

TEST_F(OpenFileTest, Full_pool_does_not_break_the_answer_off) {
    if (!make_cold()) GTEST_SKIP() << "this file system keeps files in memory";
    std::promise<void> release;
    std::latch running(1);
    ASSERT_TRUE(disk.try_post([&] {
        running.count_down();
        release.get_future().wait();
    }));
    running.wait();
    ASSERT_TRUE(disk.try_post([] {}));
    const auto file = movio::test::run(open_file(path, nullptr));
    EXPECT_NO_THROW(movio::test::run(warm(file->descriptor(), 0, 1 << 20, &disk)));
    release.set_value();
}

}  // namespace
}  // namespace movio::http
