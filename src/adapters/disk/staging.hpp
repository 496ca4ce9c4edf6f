#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "adapters/disk/folders.hpp"
#include "base/bytes.hpp"

namespace movio::disk {

struct StagedFile {
    Descriptor file;
    std::string name;  // in the staging folder, unique
};

// The folder ".tmp" below the root, for files that are being written. Everything here blocks.
class Staging {
public:
    // Makes the folder. `root_name` is for messages.
    Staging(const Descriptor& root, const std::string& root_name);

    const Descriptor& folder() const { return folder_; }
    // nullopt when the disk is full. `for_whom` is for messages.
    std::optional<StagedFile> make_file(std::string_view for_whom) const;
    void remove(const std::string& name) const;
    // Removes what was not written to for that long, or all. Returns how much.
    std::int64_t sweep(std::optional<std::chrono::seconds> untouched_for) const;

private:
    Descriptor folder_;
};

// All of the bytes. `name` is for messages.
void write_all(const Descriptor& file, ByteView bytes, std::int64_t at, std::string_view name);

}  // namespace movio::disk
