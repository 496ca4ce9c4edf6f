#include "adapters/disk/usage.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>

namespace movio::disk {
namespace {

constexpr std::int64_t kBlockBytes = 512;  // stat(2): of st_blocks, whatever the file system's are

void add(const std::filesystem::path& file, FolderUse& use) {
    struct stat info{};
    if (::lstat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return;
    ++use.files;
    use.bytes += info.st_blocks * kBlockBytes;
}

}  // namespace

FolderUse folder_use(const std::filesystem::path& folder) {
    using Options = std::filesystem::directory_options;
    FolderUse use;
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
        add(folder, use);
        return use;
    }
    std::filesystem::recursive_directory_iterator entry(folder, Options::skip_permission_denied, error);
    for (; !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error))
        add(entry->path(), use);
    return use;
}

FileSystemUse file_system_use(const std::filesystem::path& path) {
    struct statvfs info{};
    if (::statvfs(path.c_str(), &info) != 0) return {};
    const auto unit = static_cast<std::int64_t>(info.f_frsize);
    return {static_cast<std::int64_t>(info.f_blocks) * unit, static_cast<std::int64_t>(info.f_bavail) * unit};
}

}  // namespace movio::disk
