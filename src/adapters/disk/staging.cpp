#include "adapters/disk/staging.hpp"

#include <cerrno>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace movio::disk {
namespace {

constexpr const char* kStaging = ".tmp";
constexpr mode_t kFolderMode = 0750;
constexpr mode_t kFileMode = 0640;

}  // namespace

Staging::Staging(const Descriptor& root, const std::string& root_name) {
    if (::mkdirat(root.get(), kStaging, kFolderMode) != 0 && errno != EEXIST)
        throw_errno("make folder", root_name + "/" + kStaging, errno);
    folder_ = Descriptor(::openat(root.get(), kStaging, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder_) throw_errno("open folder", root_name + "/" + kStaging, errno);
}

std::optional<StagedFile> Staging::make_file(std::string_view for_whom) const {
    StagedFile made{Descriptor(), std::to_string(::getpid()) + "-" + Uuid::make().text()};
    made.file = Descriptor(
        ::openat(folder_.get(), made.name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
    if (!made.file && (errno == ENOSPC || errno == EDQUOT)) return std::nullopt;
    // Without the umask.
    if (!made.file || ::fchmod(made.file.get(), kFileMode) != 0) throw_errno("make a file for blob", for_whom, errno);
    return made;
}

void Staging::remove(const std::string& name) const { ::unlinkat(folder_.get(), name.c_str(), 0); }

std::int64_t Staging::sweep(std::optional<std::chrono::seconds> untouched_for) const {
    const int copy = ::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR* const stream = copy < 0 ? nullptr : ::fdopendir(copy);
    if (stream == nullptr) throw_errno("list folder", kStaging, errno);
    const auto is_young = [untouched_for, now = wall_now_us()](const struct stat& file) {
        return untouched_for && microseconds_of(file.st_mtim) > now - std::chrono::microseconds(*untouched_for).count();
    };
    std::int64_t swept = 0;
    while (const dirent* found = ::readdir(stream)) {
        struct stat info{};
        if (found->d_name[0] == '.' || ::fstatat(folder_.get(), found->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (S_ISDIR(info.st_mode) || is_young(info)) continue;
        if (::unlinkat(folder_.get(), found->d_name, 0) == 0) ++swept;
    }
    ::closedir(stream);
    return swept;
}

void write_all(const Descriptor& file, ByteView bytes, std::int64_t at, std::string_view name) {
    while (!bytes.empty()) {
        const auto put = ::pwrite(file.get(), bytes.data(), bytes.size(), at);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) throw_errno("write blob", name, errno);
        bytes = bytes.subspan(static_cast<std::size_t>(put));
        at += put;
    }
}

}  // namespace movio::disk
