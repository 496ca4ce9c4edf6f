#include "http/open_file.hpp"

#include <algorithm>
#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/error.hpp"

namespace movio::http {
namespace {

// O_NONBLOCK: a pipe somebody put into the folder must not hold the thread.
constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;

std::optional<OpenFile> checked(int descriptor) {
    if (descriptor < 0) return std::nullopt;
    struct stat info{};
    if (::fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode)) return OpenFile(descriptor, info.st_size);
    ::close(descriptor);
    return std::nullopt;
}

std::optional<OpenFile> open_now(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), kFlags);
    if (descriptor < 0 && (errno == EMFILE || errno == ENFILE)) throw Failure("cannot open a file: too many are open");
    return checked(descriptor);
}

// -1 with EAGAIN when opening would need the disk; another error where the kernel does not know the question.
int open_cached(const std::filesystem::path& path) {
    open_how how{};
    how.flags = kFlags;
    how.resolve = RESOLVE_CACHED;
    return static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how));
}

}  // namespace

OpenFile::~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Awaitable<std::optional<OpenFile>> open_file(std::filesystem::path path, Pool* disk) {
    if (disk == nullptr) co_return open_now(path);
    const int descriptor = open_cached(path);
    if (descriptor >= 0) co_return checked(descriptor);
    if (errno == ENOENT) co_return std::nullopt;
    if (errno != EAGAIN) co_return open_now(path);
    co_return co_await on_pool(*disk, [&path] { return open_now(path); });
}

Awaitable<void> warm(int descriptor, std::int64_t offset, std::int64_t length, Pool* disk) {
    if (disk == nullptr || length <= 0) co_return;
    char byte = 0;
    const iovec probe{&byte, 1};
    if (::preadv2(descriptor, &probe, 1, offset, RWF_NOWAIT) >= 0 || errno != EAGAIN) co_return;
    const auto read_through = [descriptor, offset, length] {
        std::vector<char> scratch(static_cast<std::size_t>(std::min<std::int64_t>(length, 256 << 10)));
        for (std::int64_t done = 0; done < length;) {
            const auto bytes = ::pread(descriptor, scratch.data(), scratch.size(), offset + done);
            if (bytes <= 0) return;
            done += bytes;
        }
    };
    try {
        co_await on_pool(*disk, read_through);
    } catch (const PoolFull&) {
        // The answer is on its way already and must not break off: sendfile waits for the disk instead.
    }
}

}  // namespace movio::http
