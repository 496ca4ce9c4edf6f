#pragma once
#include <filesystem>

namespace movio::test {

// A new folder below TMPDIR (or /tmp), removed with all that is in it.
class TempDir {
public:
    TempDir();
    // Below another folder, for tests that need a certain file system.
    explicit TempDir(const std::filesystem::path& parent);
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

}  // namespace movio::test
