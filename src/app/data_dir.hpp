#pragma once
#include <filesystem>
#include <optional>

#include "base/result.hpp"

namespace movio::app {

// `--data-dir`, else MOVIO_DATA_DIR, else /var/lib/movio for root and ~/.local/share/movio for others.
std::filesystem::path default_data_dir();

// Makes the folder where it is missing. Started as root, the process becomes the folder's owner, for good: a new folder
// is given to the user `movio` where there is one, else to whoever called sudo, else to nobody; one that belongs to
// root is refused with what to do. What must be opened with root's rights is opened before.
Result<void> enter_data_dir(const std::filesystem::path& folder);

// What the program opens by path while it still has the rights it was started with; -1 and a reason otherwise. The
// descriptor stays open for as long as the process lives.
Result<int> open_executable(const std::filesystem::path& file);

// Held by the one process that works on a data folder.
class DataDirLock {
public:
    // nullopt when another process holds it.
    static Result<std::optional<DataDirLock>> try_take(const std::filesystem::path& folder);
    DataDirLock(DataDirLock&& other) noexcept;
    DataDirLock& operator=(DataDirLock&& other) noexcept;
    ~DataDirLock();

private:
    explicit DataDirLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

}  // namespace movio::app
