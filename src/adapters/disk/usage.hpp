#pragma once
#include <cstdint>
#include <filesystem>

namespace movio::disk {

struct FolderUse {
    std::int64_t files = 0;
    std::int64_t bytes = 0;  // that the disk holds for them
};

struct FileSystemUse {
    std::int64_t bytes = 0;
    std::int64_t free_bytes = 0;  // for whoever is not root
};

// All files below a folder, or of one file; links are not followed, and what goes meanwhile is not counted. Blocks, the
// longer the more files there are.
FolderUse folder_use(const std::filesystem::path& folder);
// Of the file system that holds the path; zeros where nobody can tell. Blocks.
FileSystemUse file_system_use(const std::filesystem::path& path);

}  // namespace movio::disk
